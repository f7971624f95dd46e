import Core
import Store

/// A cluster as reviewers see it.
package struct ClusterProfile: Sendable {
  package internal(set) var record: ClusterRecord
  package var label: String { ClusterRecord.label(record.id) }
  package let size: Int
  /// Values of all units, most frequent first; `unknown` where no file states one.
  package let modality: Mix
  package let bodyPart: Mix
  /// Stemmed terms of the diagnoses, and tag values, that are more frequent here than in the archive, strongest first.
  package var terms: [String] = []
  package var tags: [String] = []
  /// Mean distance of the units to the centroid.
  package let spread: Double
  package let members: Members
  /// The clusters with the nearest centroids, and their distances.
  package let neighbours: [(id: Int, distance: Double)]

  /// The reviewer's name, else modality, body part and strongest terms.
  package var title: String {
    let kinds = [modality.most ?? "several modalities", bodyPart.most ?? "several body parts"]
    let words = terms.isEmpty ? "" : " (\(terms.prefix(2).joined(separator: ", ")))"
    return record.name ?? kinds.joined(separator: ", ") + words
  }
}

/// How often each value occurs.
package struct Mix: Sendable {
  package let shares: [(value: String, count: Int)]
  package let total: Int

  init(_ counts: [String: Int]) {
    shares = counts.map { (value: $0.key, count: $0.value) }
      .sorted { ($0.count, $1.value) > ($1.count, $0.value) }
    total = counts.values.reduce(0, +)
  }

  /// The most frequent known value, if at least two in five units have it.
  var most: String? {
    shares.first { $0.value != Self.unknown && 5 * $0.count >= 2 * total }?.value
  }

  static let unknown = "unknown"
}
