/// RLE Lossless (PS3.5 Annex G). Our own, because DCMTK 3.6.7's decoder reads beyond its buffer when a segment
/// says so, which the fuzzer found within minutes.
enum RunLength {
  /// - Parameter layout: its planar configuration is set to what comes out: sample planes one after another.
  /// - Returns: samples in little-endian order; `nil` when the segments don't fill the declared frame.
  static func decode(_ encoded: [UInt8], _ layout: inout PixelLayout) -> [UInt8]? {
    let width = layout.bitsAllocated / 8
    let count = layout.rows * layout.columns
    let segments = layout.samples * width
    guard encoded.count >= 64, word(encoded, 0) == segments, segments <= 15 else { return nil }
    var samples = [UInt8](repeating: 0, count: count * segments)
    for segment in 0..<segments {
      let start = word(encoded, 4 * (segment + 1))
      let end = segment + 1 < segments ? word(encoded, 4 * (segment + 2)) : encoded.count
      guard start >= 64, start <= end, end <= encoded.count else { return nil }
      // The most significant byte of a sample comes first.
      let (sample, byte) = (segment / width, width - 1 - segment % width)
      let isFull = encoded[start..<end].withUnsafeBufferPointer { source in
        samples.withUnsafeMutableBufferPointer {
          unpack(source, into: $0, at: sample * count * width + byte, step: width, count)
        }
      }
      guard isFull else { return nil }
    }
    layout.planar = layout.samples > 1
    return samples
  }

  /// PackBits: a length byte n, then n + 1 bytes as they are, or one byte 1 − n times.
  private static func unpack(
    _ source: UnsafeBufferPointer<UInt8>, into target: UnsafeMutableBufferPointer<UInt8>,
    at first: Int, step: Int, _ count: Int
  ) -> Bool {
    precondition(first + (count - 1) * step < target.count)
    var read = 0
    var written = 0
    var place = first
    while written < count {
      guard read < source.count else { return false }
      let length = Int(Int8(bitPattern: source[read]))
      read += 1
      guard length != -128 else { continue }
      let run = min(length >= 0 ? length + 1 : 1 - length, count - written)
      guard read + (length >= 0 ? run : 1) <= source.count else { return false }
      if length >= 0 {
        for index in 0..<run {
          target[place] = source[read &+ index]
          place &+= step
        }
        read += length + 1
      } else {
        let value = source[read]
        for _ in 0..<run {
          target[place] = value
          place &+= step
        }
        read += 1
      }
      written += run
    }
    return true
  }

  private static func word(_ bytes: [UInt8], _ at: Int) -> Int {
    Int(bytes[at]) | Int(bytes[at + 1]) << 8 | Int(bytes[at + 2]) << 16 | Int(bytes[at + 3]) << 24
  }
}
