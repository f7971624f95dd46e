/// Keys by row: the first ones sorted, in one buffer, because a million strings would take a hundred bytes each; those
/// added later in a dictionary.
struct UnitKeys: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [UInt32] = []
  /// How many of the first keys are in order.
  private var sorted = 0
  /// Row by key, of the others.
  private var added: [String: Int] = [:]

  var count: Int { ends.count }

  /// - Parameter key: not there yet. While each comes after the one before, no dictionary is needed.
  mutating func append(_ key: String) {
    if sorted == count, count == 0 || self[count - 1] < key {
      sorted += 1
    } else {
      added[key] = count
    }
    bytes += key.utf8
    ends.append(UInt32(bytes.count))
  }

  subscript(row: Int) -> String {
    let start = row == 0 ? 0 : Int(ends[row - 1])
    return String(decoding: bytes[start..<Int(ends[row])], as: UTF8.self)
  }

  func row(of key: String) -> Int? {
    var range = 0..<sorted
    while !range.isEmpty {
      let middle = (range.lowerBound + range.upperBound) / 2
      let found = self[middle]
      if found == key { return middle }
      range = found < key ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return added[key]
  }
}
