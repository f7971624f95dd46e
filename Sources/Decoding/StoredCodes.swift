/// The bytes of a frame: its own, or in place in an open file.
enum FrameBytes {
  case own([UInt8])
  case held(UnsafeRawBufferPointer)

  var count: Int { withUnsafeBytes(\.count) }

  /// A copy as an array, for rare layouts.
  var array: [UInt8] {
    switch self {
    case .own(let bytes): bytes
    case .held(let bytes): Array(bytes)
    }
  }

  @inline(__always)
  func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    switch self {
    case .own(let bytes): bytes.withUnsafeBytes(body)
    case .held(let bytes): body(bytes)
    }
  }
}

/// The codes of one frame, in place in its bytes. Overlay bits above them are masked on reading; spare bits below,
/// which are rare, are removed first.
struct StoredCodes {
  let count: Int
  /// Bits of a code; signed codes are two's complements.
  let bits: Int
  let isSigned: Bool
  /// Each code takes 16 bits, little-endian; otherwise 8.
  let isWide: Bool
  let bytes: FrameBytes

  init(_ bytes: FrameBytes, _ count: Int, _ layout: PixelLayout) {
    self.count = count
    bits = layout.bitsStored
    isSigned = layout.isSigned
    isWide = layout.bitsAllocated == 16
    let spare = layout.highBit + 1 - layout.bitsStored
    if layout.bitsAllocated == 1 {
      let bytes = bytes.array
      self.bytes = .own((0..<count).map { bytes[$0 >> 3] >> UInt8($0 & 7) & 1 })
    } else if spare > 0 {
      let bytes = bytes.array
      self.bytes = .own(isWide ? Self.without(spare, bytes) : bytes.map { $0 >> UInt8(spare) })
    } else {
      self.bytes = bytes
    }
    precondition(self.bytes.count >= count * (isWide ? 2 : 1))
  }

  private static func without(_ spare: Int, _ bytes: [UInt8]) -> [UInt8] {
    stride(from: 0, to: bytes.count - 1, by: 2).flatMap { at in
      let code = (UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8) >> UInt16(spare)
      return [UInt8(truncatingIfNeeded: code), UInt8(code >> 8)]
    }
  }

  /// Reads codes of one width. Loops over it are specialised for each width; over closures they would not be.
  struct Reader<Word: FixedWidthInteger & UnsignedInteger> {
    private let base: UnsafeRawPointer
    private let mask: UInt16

    /// - Parameter bytes: the bytes of `codes`, at least one.
    init(_ codes: StoredCodes, _ bytes: UnsafeRawBufferPointer) {
      base = bytes.baseAddress!
      mask = UInt16((1 << codes.bits) - 1)
    }

    @inline(__always)
    subscript(pixel: Int) -> UInt16 {
      let word = base.loadUnaligned(
        fromByteOffset: pixel &* MemoryLayout<Word>.size, as: Word.self)
      return UInt16(truncatingIfNeeded: word) & mask
    }
  }

  subscript(pixel: Int) -> UInt16 {
    bytes.withUnsafeBytes {
      isWide ? Reader<UInt16>(self, $0)[pixel] : Reader<UInt8>(self, $0)[pixel]
    }
  }
}
