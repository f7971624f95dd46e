import Core
import Foundation

/// How well the blocks of a unit fit each other. Each block of the reference is clustered separately. The pointwise
/// mutual information of two blocks' clusters is high if the reference often had them in one unit, and low if it
/// rarely did, as with a report that belongs to another study.
struct DriftCoherence: Sendable {
  /// By block; `nil` where too few units of the reference have it.
  private let centroids: [Centroids?]
  /// By pair of blocks: reference units with each pair of clusters, clusters × clusters.
  private let counts: [[Double]]
  /// Labels of the reference, by block.
  private let labels: [[Int?]]

  /// Clusters per block.
  private static let clusters = 20
  /// Share of misplaced blocks for which the test is most powerful.
  private static let share = 0.05
  /// Fewer units are too few for twenty clusters.
  private static let fewest = 200
  /// Prior weight of independence, in units: it keeps unseen pairs from being impossible.
  private static let prior = 0.25

  init(_ reference: Points, seed: UInt64) {
    centroids = Block.allCases.map { block in
      let own = reference.only(block)
      guard own.count >= Self.fewest else { return nil }
      return KMeans(k: Self.clusters, restarts: 1, seed: seed).fit(own)?.centroids
    }
    labels = Self.labels(reference, centroids)
    var counts = [[Double]](repeating: [], count: centroids.count * centroids.count)
    for a in centroids.indices {
      for b in centroids.indices where a != b {
        var table = [Double](repeating: 0, count: Self.clusters * Self.clusters)
        for (first, second) in zip(labels[a], labels[b]) {
          if let first, let second { table[first * Self.clusters + second] += 1 }
        }
        counts[a * centroids.count + b] = table
      }
    }
    self.counts = counts
  }

  /// Scores of the reference's own units, each left out of the counts. See `scores(of:)`.
  var referenceScores: [[Float]] { scores(labels, own: 1) }

  /// By block and unit: log-likelihood ratio of one in twenty blocks belonging to another unit over none, the most
  /// powerful test of such a mixture (Neyman and Pearson 1933); `nan` without another block.
  func scores(of points: Points) -> [[Float]] { scores(Self.labels(points, centroids), own: 0) }

  private func scores(_ labels: [[Int?]], own: Double) -> [[Float]] {
    centroids.indices.map { a in
      var sums = [Double](repeating: 0, count: labels[a].count)
      var pairs = [Double](repeating: 0, count: labels[a].count)
      for b in centroids.indices where a != b {
        let information = Information(counts[a * centroids.count + b], k: Self.clusters)
        for row in sums.indices {
          guard let first = labels[a][row], let second = labels[b][row] else { continue }
          sums[row] += information(first, second, without: own)
          pairs[row] += 1
        }
      }
      return zip(sums, pairs).map {
        $1 > 0 ? Float(log(1 - Self.share + Self.share * exp(-$0))) : .nan
      }
    }
  }

  private struct Information {
    let table: [Double]
    let rows: [Double]
    let columns: [Double]
    let total: Double
    let k: Int

    init(_ table: [Double], k: Int) {
      self.table = table
      self.k = k
      rows = (0..<k).map { row in table[row * k..<(row + 1) * k].reduce(0, +) }
      columns = (0..<k).map { column in (0..<k).reduce(0.0) { $0 + table[$1 * k + column] } }
      total = table.reduce(0, +)
    }

    /// ln of the pair's observed count over its count by chance.
    func callAsFunction(_ row: Int, _ column: Int, without own: Double) -> Double {
      let chance = (rows[row] - own + 0.5) * (columns[column] - own + 0.5) / (total - own + 1)
      return log((table[row * k + column] - own + prior) / (chance + prior))
    }
  }

  private static func labels(_ points: Points, _ centroids: [Centroids?]) -> [[Int?]] {
    Block.allCases.map { block in
      let present = (0..<points.count).filter { points.masks[$0].contains(block) }
      guard let centroids = centroids[block.rawValue], !present.isEmpty else {
        return [Int?](repeating: nil, count: points.count)
      }
      var labels = [Int?](repeating: nil, count: points.count)
      for (row, label) in zip(present, centroids.assign(points.only(block)).labels) {
        labels[row] = label
      }
      return labels
    }
  }
}

extension Points {
  /// The rows that have a block, reduced to that block.
  func only(_ block: Block) -> Points {
    var points = Points(layout: layout)
    let range = layout.range(of: block)
    var values = [Float](repeating: 0, count: dimensions)
    for row in 0..<count where masks[row].contains(block) {
      for dimension in range { values[dimension] = self.values[row * dimensions + dimension] }
      points.append(Embedding(values: values, mask: BlockMask(block)))
    }
    return points
  }
}
