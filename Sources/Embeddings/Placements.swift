import Clustering
import Core
import Store

/// Assigns units to clusters, heeding where reviewers want them.
package struct Placements {
  private let placements: [String: Placement]
  /// By ended cluster.
  private let successors: [Int: Int]

  /// - Throws: `StoreError`.
  package init(_ store: any Store) throws {
    placements = try store.placements()
    successors =
      placements.isEmpty
      ? [:]
      : Dictionary(
        uniqueKeysWithValues: try store.clusters().compactMap { cluster in
          cluster.successor.map { (cluster.id, $0) }
        })
  }

  /// The units that reviewers placed.
  package func contains(_ unitKey: String) -> Bool { placements[unitKey] != nil }

  /// Where a unit belongs in a generation: in the cluster that it was moved to, or in the nearest of those that it was
  /// not moved out of; in the nearest of all if that leaves none.
  package func assign(_ unitKey: String, _ embedding: Embedding, in generation: LiveGeneration)
    -> Assignment
  {
    let nearest = generation.online.assign(embedding)
    guard let placement = placements[unitKey] else { return nearest }
    let wanted = placement.cluster.flatMap { generation.clusters.firstIndex(of: today($0)) }
    let excluded = Set(placement.excluded.map(today))
    let allowed =
      wanted.map { [$0] }
      ?? generation.clusters.indices.filter { !excluded.contains(generation.clusters[$0]) }
    return generation.online.assign(embedding, among: allowed) ?? nearest
  }

  private func today(_ cluster: Int) -> Int {
    var current = cluster
    while let next = successors[current] { current = next }
    return current
  }
}
