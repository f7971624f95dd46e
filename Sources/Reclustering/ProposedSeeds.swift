import Clustering
import Core
import Embeddings
import Store

/// Seeds for a fit that follows reviewers' proposals: the centroids in force, with one seed in place of those to merge
/// and two in place of each to split.
struct ProposedSeeds {
  private(set) var centroids: Centroids
  /// Numbers of the proposals that were heeded.
  private(set) var heeded: [Int] = []

  /// - Returns: `nil` when no proposal can be heeded: its clusters have ended, belong to an earlier proposal, or have
  ///   too few different members to split.
  init?(
    _ proposals: [Proposal], _ snapshot: Snapshot, _ generation: LiveGeneration, seed: UInt64
  ) {
    var open = generation.positions
    var added: [Centroids] = []
    for proposal in proposals {
      let positions = proposal.clusters.compactMap { open[$0] }
      guard positions.count == proposal.clusters.count else { continue }
      switch proposal.kind {
      case .merge: added.append(generation.online.mean(of: positions))
      case .split:
        let members = snapshot.old.indices.filter { positions.contains(snapshot.old[$0]) }
        guard members.count > 1,
          let halves = KMeans(k: 2, restarts: 8, seed: seed).fit(snapshot.points.subset(members)),
          halves.centroids.k == 2
        else { continue }
        added.append(halves.centroids)
      }
      for cluster in proposal.clusters { open[cluster] = nil }
      heeded.append(proposal.number)
    }
    guard !heeded.isEmpty else { return nil }
    let kept = open.values.sorted()
    let parts = [generation.online.selecting(kept)] + added
    centroids = Centroids(
      layout: generation.online.layout, k: parts.reduce(0) { $0 + $1.k },
      values: parts.flatMap(\.values), weights: parts.flatMap(\.weights))
    guard centroids.k <= snapshot.points.count else { return nil }
  }
}

extension Collection where Element == Proposal {
  /// How many clusters more there are when all of them are followed.
  var addedClusters: Int {
    reduce(0) { $0 + ($1.kind == .split ? 1 : 1 - $1.clusters.count) }
  }
}

extension Centroids {
  fileprivate func selecting(_ positions: [Int]) -> Centroids {
    Centroids(
      layout: layout, k: positions.count, values: positions.flatMap { row($0) },
      weights: positions.flatMap { weights(of: $0) })
  }

  /// The mean of some centroids by the weights of their blocks.
  fileprivate func mean(of positions: [Int]) -> Centroids {
    var values = [Float](repeating: 0, count: layout.dimensions)
    var weights = [Double](repeating: 0, count: Block.allCases.count)
    for block in Block.allCases {
      let shares = positions.map { max(self.weights(of: $0)[block.rawValue], 1e-9) }
      let total = shares.reduce(0, +)
      weights[block.rawValue] = positions.reduce(0) { $0 + self.weights(of: $1)[block.rawValue] }
      for (position, share) in zip(positions, shares) {
        let row = row(position)
        for index in layout.range(of: block) {
          values[index] += row[row.startIndex + index] * Float(share / total)
        }
      }
    }
    return Centroids(layout: layout, k: 1, values: values, weights: weights)
  }
}
