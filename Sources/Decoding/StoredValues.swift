import Core

/// The stored values of one grey frame, or the finished luminance of a colour frame.
enum StoredValues {
  /// At most 16 bits.
  case codes(StoredCodes)
  /// 32-bit integers and floating point.
  case values(StoredNumbers)
  /// Colour, already as luminance.
  case luminance([UInt8])

  /// Reads the bytes of a decoded frame.
  init(bytes: FrameBytes, layout: PixelLayout, palette: Palette?) throws(PixelError) {
    let count = layout.rows * layout.columns
    switch (layout.photometric, layout.samples) {
    case ("PALETTE COLOR", 1):
      guard let palette else { throw .unsupported(.palette) }
      let codes = StoredCodes(bytes, count, layout)
      self = .luminance((0..<count).map { palette.luminance(codes[$0]) })
    case (_, 1):
      self = try Self.grey(bytes, count, layout)
    case ("RGB", 3), ("YBR_FULL", 3), ("YBR_FULL_422", 3), ("YBR_RCT", 3), ("YBR_ICT", 3),
      ("YBR_PARTIAL_422", 3):
      self = .luminance(try Self.luminance(bytes.array, count, layout))
    default:
      throw .unsupported(.photometricInterpretation)
    }
  }

  private static func grey(_ bytes: FrameBytes, _ count: Int, _ layout: PixelLayout)
    throws(PixelError)
    -> StoredValues
  {
    switch (layout.kind, layout.bitsAllocated) {
    case (.integer, ...16):
      return .codes(StoredCodes(bytes, count, layout))
    case (.integer, 32), (.float, 32), (.double, 64):
      return .values(StoredNumbers(bytes: bytes, count: count, layout: layout))
    default: throw .unsupported(.bitsAllocated)
    }
  }

  /// ITU-R BT.601 luminance, 8 bits. For YBR models it is the first component unchanged.
  private static func luminance(_ bytes: [UInt8], _ count: Int, _ layout: PixelLayout)
    throws(PixelError)
    -> [UInt8]
  {
    let width = layout.bitsAllocated / 8
    guard [1, 2, 4].contains(width), bytes.count >= count * layout.samples * width else {
      throw .unsupported(.bitsAllocated)
    }
    return bytes.withUnsafeBufferPointer { bytes in
      switch width {
      case 1: luminance(count, layout) { bytes[$0] }
      case 2: luminance(count, layout) { UInt16(bytes[2 &* $0]) | UInt16(bytes[2 &* $0 &+ 1]) << 8 }
      default:
        luminance(count, layout) { index in
          (0..<4).reduce(0 as UInt32) { $0 | UInt32(bytes[4 &* index &+ $1]) << (8 * UInt32($1)) }
        }
      }
    }
  }

  private static func luminance<Word: FixedWidthInteger & UnsignedInteger>(
    _ count: Int, _ layout: PixelLayout, _ word: (Int) -> Word
  ) -> [UInt8] {
    let drop = Word(max(0, layout.bitsStored - 8))
    func sample(_ index: Int) -> Int { Int(truncatingIfNeeded: word(index) &>> drop) }
    if layout.photometric == "YBR_FULL_422" && !layout.encapsulated {
      // Two pixels in four bytes: Y Y Cb Cr.
      return made(count) { UInt8(truncatingIfNeeded: sample($0 / 2 * 4 + $0 % 2)) }
    }
    let (step, plane) = layout.planar ? (1, count) : (3, 1)
    if layout.photometric != "RGB" {
      return made(count) { UInt8(truncatingIfNeeded: sample($0 &* step)) }
    }
    return made(count) {
      let at = $0 &* step
      return luma(sample(at), sample(at &+ plane), sample(at &+ 2 &* plane))
    }
  }

  static func luma(_ red: Int, _ green: Int, _ blue: Int) -> UInt8 {
    UInt8(clamping: (299 &* red &+ 587 &* green &+ 114 &* blue &+ 500) / 1000)
  }

  /// `count` values, each made from its index.
  @inline(__always)
  private static func made<Value>(_ count: Int, _ value: (Int) -> Value) -> [Value] {
    Array(unsafeUninitializedCapacity: count) { values, filled in
      for place in 0..<count { values.initializeElement(at: place, to: value(place)) }
      filled = count
    }
  }
}

/// The luminance of each entry of a colour palette (PS3.3 C.7.9).
struct Palette {
  private let first: Int
  private let entries: [UInt8]
  /// The sign bit of signed codes, else 0.
  private let sign: Int

  private static let tables: [(descriptor: DICOMTag, data: DICOMTag, segmented: DICOMTag)] = [
    (
      .redPaletteColorLookupTableDescriptor, .redPaletteColorLookupTableData,
      .segmentedRedPaletteColorLookupTableData
    ),
    (
      .greenPaletteColorLookupTableDescriptor, .greenPaletteColorLookupTableData,
      .segmentedGreenPaletteColorLookupTableData
    ),
    (
      .bluePaletteColorLookupTableDescriptor, .bluePaletteColorLookupTableData,
      .segmentedBluePaletteColorLookupTableData
    ),
  ]

  /// - Returns: `nil` if the pixels are not indices or the file has no lookup tables for them.
  init?(_ file: borrowing DICOMFile, _ layout: PixelLayout) {
    guard layout.photometric == "PALETTE COLOR" else { return nil }
    var planes: [[Int]] = []
    var first = 0
    for table in Self.tables {
      guard let descriptor = file.words(table.descriptor), descriptor.count == 3,
        let data = file.words(table.data) ?? file.words(table.segmented).map(LookupTable.expand)
      else { return nil }
      let count = descriptor[0] == 0 ? 65_536 : Int(descriptor[0])
      // The first mapped value has the sign of the pixels.
      first = layout.isSigned ? Int(Int16(bitPattern: descriptor[1])) : Int(descriptor[1])
      planes.append(
        LookupTable.unpack(data, count: count, bits: Int(descriptor[2])).map {
          descriptor[2] > 8 ? Int($0) >> 8 : Int($0)
        })
    }
    let count = planes.map(\.count).min() ?? 0
    guard count > 0 else { return nil }
    self.first = first
    sign = layout.isSigned ? 1 << (layout.bitsStored - 1) : 0
    entries = (0..<count).map { StoredValues.luma(planes[0][$0], planes[1][$0], planes[2][$0]) }
  }

  func luminance(_ code: UInt16) -> UInt8 {
    let value = (Int(code) ^ sign) - sign
    return entries[min(max(0, value - first), entries.count - 1)]
  }
}
