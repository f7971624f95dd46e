import Core
import Store

/// A cluster as reviewers see it.
package struct ClusterProfile: Sendable {
  package internal(set) var record: ClusterRecord
  /// The review behind its trust; `nil` if it is unreviewed.
  package internal(set) var review: ClusterReview?
  /// How far it has moved since; `nil` without a review.
  package internal(set) var change: ClusterChange?
  package var label: String { ClusterRecord.label(record.id) }
  package var size: Int { keys.count }
  /// Values of all units, most frequent first; `unknown` where no file states one.
  package let modality: Mix
  package let bodyPart: Mix
  /// Words of the diagnoses, and tag values, that are more frequent here than in the archive, strongest first.
  package var terms: [String] = []
  package var tags: [String] = []
  /// Mean distance of the units to the centroid.
  package let spread: Double
  /// Every unit, nearest to the centroid first.
  let keys: [String]
  package let members: Members
  /// The clusters with the nearest centroids, and their distances.
  package let neighbours: [(id: Int, distance: Double)]
  /// What it could be called.
  package var suggestedName = ""

  /// The reviewer's name, else the suggested one.
  package var title: String { record.name ?? suggestedName }
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

  /// The one or two most frequent known values that together cover two in three units; none if there are no such.
  var leading: [String] {
    let known = shares.filter { $0.value != Self.unknown }
    for count in 1...2 where known.count >= count {
      let covered = known.prefix(count).reduce(0) { $0 + $1.count }
      if 3 * covered >= 2 * total { return known.prefix(count).map(\.value) }
    }
    return []
  }

  /// Share of the most frequent value.
  var purity: Double { Double(shares.first?.count ?? 0) / Double(max(1, total)) }

  static let unknown = "unknown"
}
