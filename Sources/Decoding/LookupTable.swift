/// A Modality or VOI lookup table (PS3.3 C.11.1 and C.11.2).
struct LookupTable {
  private let first: Float
  private let entries: [UInt16]
  /// The largest value that an entry can have.
  let top: Float

  /// - Parameter sequence: 0x00283000 for the modality's, 0x00283010 for the VOI's.
  init?(_ file: borrowing DICOMFile, sequence: UInt32, frame: Int, signed: Bool) {
    guard let descriptor = file.words(0x0028_3002, in: sequence, frame: frame),
      descriptor.count == 3,
      let data = file.words(0x0028_3006, in: sequence, frame: frame), !data.isEmpty
    else { return nil }
    let count = descriptor[0] == 0 ? 65_536 : Int(descriptor[0])
    entries = Self.unpack(data, count: count, bits: Int(descriptor[2]))
    guard !entries.isEmpty else { return nil }
    first = signed ? Float(Int16(bitPattern: descriptor[1])) : Float(descriptor[1])
    top = Float((1 << min(16, max(1, Int(descriptor[2])))) - 1)
  }

  func callAsFunction(_ value: Float) -> Float {
    let index = (value - first).rounded()
    return Float(entries[Int(min(max(0, index), Float(entries.count - 1)))])
  }

  /// 8-bit tables lie two entries in a word, low byte first, or one in a word where the writer was generous.
  static func unpack(_ words: [UInt16], count: Int, bits: Int) -> [UInt16] {
    guard bits <= 8, words.count < count else { return Array(words.prefix(count)) }
    return words.flatMap { [$0 & 255, $0 >> 8] }.prefix(count).map { $0 }
  }
}
