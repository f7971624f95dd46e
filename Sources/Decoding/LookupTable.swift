import Core

/// A Modality or VOI lookup table (PS3.3 C.11.1 and C.11.2).
struct LookupTable {
  private let first: Double
  private let entries: [UInt16]
  /// The output that is white.
  let top: Double

  /// - Parameters:
  ///   - sequence: `modalityLUTSequence` or `voiLUTSequence`.
  ///   - isSigned: values may be negative, and so may the first value that is mapped.
  ///   - isScaled: some tables declare 16 bits but hold fewer. White is then the largest value of as many bits as the
  ///     largest entry has, at least 8, as viewers show it.
  init?(
    _ file: borrowing DICOMFile, sequence: DICOMTag, frame: Int, isSigned: Bool, isScaled: Bool
  ) {
    guard let descriptor = file.words(.lutDescriptor, in: sequence, frame: frame),
      descriptor.count == 3,
      let data = file.words(.lutData, in: sequence, frame: frame), !data.isEmpty
    else { return nil }
    let count = descriptor[0] == 0 ? 65_536 : Int(descriptor[0])
    entries = Self.unpack(data, count: count, bits: Int(descriptor[2]))
    guard let largest = entries.max() else { return nil }
    first = isSigned ? Double(Int16(bitPattern: descriptor[1])) : Double(descriptor[1])
    let held = max(8, UInt16.bitWidth - largest.leadingZeroBitCount)
    let said = min(16, max(1, Int(descriptor[2])))
    top = Double((1 << (isScaled && said == 16 ? held : said)) - 1)
  }

  func callAsFunction(_ value: Double) -> Double {
    let index = (value - first).rounded()
    return Double(entries[Int(min(max(0, index), Double(entries.count - 1)))])
  }

  /// Expands a segmented table (PS3.3 C.7.9.2): discrete, linear and indirect segments. An invalid segment ends the
  /// table.
  static func expand(_ segments: [UInt16]) -> [UInt16] {
    var values: [UInt16] = []
    func segment(at start: Int, nested: Bool) -> Int? {
      guard start + 2 < segments.count else { return nil }
      let count = Int(segments[start + 1])
      switch segments[start] {
      case 0:
        let end = start + 2 + count
        guard count > 0, end <= segments.count else { return nil }
        values += segments[start + 2..<end]
        return end
      case 1:
        guard count > 0, let from = values.last.map(Int.init) else { return nil }
        let to = Int(segments[start + 2])
        values += (1...count).map {
          UInt16(clamping: from + ((to - from) * $0 * 2 + count) / (2 * count))
        }
        return start + 3
      case 2 where !nested && start + 3 < segments.count:
        // Repeats `count` segments from an earlier offset.
        var place = Int(segments[start + 2]) | Int(segments[start + 3]) << 16
        for _ in 0..<count {
          guard let next = segment(at: place, nested: true) else { return nil }
          place = next
        }
        return start + 4
      default: return nil
      }
    }
    var place = 0
    while values.count < 65_536, let next = segment(at: place, nested: false) { place = next }
    return values
  }

  /// 8-bit tables have two entries per word, low byte first, or one with some writers.
  static func unpack(_ words: [UInt16], count: Int, bits: Int) -> [UInt16] {
    guard bits <= 8, words.count < count else { return Array(words.prefix(count)) }
    return words.flatMap { [$0 & 255, $0 >> 8] }.prefix(count).map { $0 }
  }
}
