import Glibc

/// RLE Lossless (PS3.5 Annex G). Our own, because DCMTK 3.6.7's decoder reads beyond its buffer if a segment makes it,
/// which the fuzzer found within minutes.
enum RunLength {
  /// - Parameter layout: its planar configuration is set to that of the result: sample planes one after another.
  /// - Returns: samples in little-endian order; `nil` when the segments don't fill the declared frame.
  static func decode(_ encoded: [UInt8], _ layout: inout PixelLayout) -> [UInt8]? {
    let width = layout.bitsAllocated / 8
    let count = layout.rows * layout.columns
    let segments = layout.samples * width
    guard encoded.count >= 64, word(encoded, 0) == segments, segments <= 15,
      width == 1 || width % 2 == 0
    else { return nil }
    // One plane after another, the most significant byte of a sample first.
    let planes = [UInt8](filling: count * segments) { planes in
      (0..<segments).allSatisfy { segment in
        let start = word(encoded, 4 * (segment + 1))
        let end = segment + 1 < segments ? word(encoded, 4 * (segment + 2)) : encoded.count
        guard start >= 64, start <= end, end <= encoded.count else { return false }
        return encoded[start..<end].withUnsafeBytes { source in
          let plane = UnsafeMutableRawBufferPointer(planes)[segment * count..<(segment + 1) * count]
          return unpack(source, into: .init(rebasing: plane))
        }
      }
    }
    guard !planes.isEmpty else { return nil }
    layout.planar = layout.samples > 1
    return width == 1 ? planes : joined(planes, width: width, count)
  }

  /// PackBits: a length byte n, then n + 1 bytes as they are, or one byte 1 − n times.
  ///
  /// - Returns: whether the plane is full.
  private static func unpack(
    _ source: UnsafeRawBufferPointer, into plane: UnsafeMutableRawBufferPointer
  ) -> Bool {
    var rest = source
    var written = 0
    while written < plane.count {
      guard let first = rest.first else { return false }
      rest = .init(rebasing: rest.dropFirst())
      let length = Int(Int8(bitPattern: first))
      guard length != -128 else { continue }
      let isLiteral = length >= 0
      let run = min(isLiteral ? length + 1 : 1 - length, plane.count - written)
      guard rest.count >= (isLiteral ? run : 1) else { return false }
      let target = plane.baseAddress! + written
      if isLiteral {
        memcpy(target, rest.baseAddress!, run)
      } else {
        memset(target, Int32(rest[0]), run)
      }
      rest = .init(rebasing: rest.dropFirst(isLiteral ? length + 1 : 1))
      written += run
    }
    return true
  }

  /// Joins the planes of bytes to little-endian samples.
  private static func joined(_ planes: [UInt8], width: Int, _ count: Int) -> [UInt8] {
    planes.withUnsafeBufferPointer { planes in
      [UInt8](unsafeUninitializedCapacity: planes.count) { samples, filled in
        let raw = UnsafeMutableRawBufferPointer(samples)
        for first in stride(from: 0, to: planes.count, by: width * count) {
          for pair in 0..<width / 2 {
            // Two bytes at once, which vector instructions interleave.
            let low = first &+ (width &- 1 &- 2 &* pair) &* count
            for place in 0..<count {
              let word = UInt16(planes[low &+ place]) | UInt16(planes[low &- count &+ place]) << 8
              raw.storeBytes(
                of: word.littleEndian, toByteOffset: first &+ place &* width &+ 2 &* pair,
                as: UInt16.self)
            }
          }
        }
        filled = planes.count
      }
    }
  }

  private static func word(_ bytes: [UInt8], _ at: Int) -> Int {
    Int(bytes[at]) | Int(bytes[at + 1]) << 8 | Int(bytes[at + 2]) << 16 | Int(bytes[at + 3]) << 24
  }
}
