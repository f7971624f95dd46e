import Core
import Foundation

extension AcquisitionTag {
  /// One unit's tags from those of its instances, value by value: the median of numbers, the most frequent category
  /// (ties: the first in alphabetical order). The order of the instances doesn't matter.
  package static func summary(_ instances: [TagValues]) -> TagValues {
    var result: TagValues = [:]
    for attribute in all {
      let values = instances.compactMap { $0[attribute.keyword] }
      guard let first = values.first else { continue }
      // Usually all are the same.
      if values.allSatisfy({ $0 == first }),
        attribute.kind != .number || attribute.values == 1 && Double(first) != nil
      {
        result[attribute.keyword] = first
        continue
      }
      let columns = values.map { $0.split(separator: "\\", omittingEmptySubsequences: false) }
      let width = columns.map(\.count).max() ?? 0
      result[attribute.keyword] = (0..<width).map { index in
        let column = columns.compactMap { $0.indices.contains(index) ? String($0[index]) : nil }
        return attribute.kind == .number ? median(column) : column.mostFrequent ?? ""
      }.joined(separator: "\\")
    }
    return result
  }

  private static func median(_ values: [String]) -> String {
    let numbers = values.compactMap { value in Double(value).map { (number: $0, text: value) } }
      .sorted { ($0.number, $0.text) < ($1.number, $1.text) }
    return numbers.isEmpty ? "" : numbers[(numbers.count - 1) / 2].text
  }
}
