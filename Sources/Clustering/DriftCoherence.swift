import Core
import Foundation

/// How well the blocks of a unit fit each other. Each block of the reference is clustered separately. The pointwise
/// mutual information of two blocks' clusters is high if the reference often had them in one unit, and low if it
/// rarely did, as with a report that belongs to another study.
struct DriftCoherence: Sendable {
  /// One model for each half of the reference, so that a unit is scored by the half that it is not in, as a new one.
  private let halves: [Half]
  /// Scores of the reference's own units; see `scores(of:)`.
  let referenceScores: [[Float]]

  /// Clusters per block.
  fileprivate static let clusters = 20
  /// Share of misplaced blocks for which the test is most powerful.
  fileprivate static let share = 0.05
  /// Fewer units are too few for twenty clusters.
  fileprivate static let fewest = 200
  /// Prior weight of independence, in units: it keeps unseen pairs from being impossible.
  fileprivate static let prior = 0.25

  init(_ reference: Points, seed: UInt64) {
    let rows = (0..<2).map { half in
      Array(stride(from: half, to: reference.count, by: 2))
    }
    let halves = rows.map { Half(reference.subset($0), seed: seed) }
    var scores = Block.allCases.map { _ in [Float](repeating: .nan, count: reference.count) }
    for half in 0..<2 {
      let own = halves[1 - half].scores(of: reference.subset(rows[half]))
      for block in own.indices {
        for (place, row) in rows[half].enumerated() { scores[block][row] = own[block][place] }
      }
    }
    self.halves = halves
    referenceScores = scores
  }

  /// By block and unit: log-likelihood ratio of one in twenty blocks belonging to another unit over none, the most
  /// powerful test of such a mixture (Neyman and Pearson 1933); `nan` without another block. Each unit is scored by
  /// one half, in turn.
  func scores(of points: Points) -> [[Float]] {
    let both = halves.map { $0.scores(of: points) }
    return Block.allCases.indices.map { block in
      (0..<points.count).map { both[$0 % 2][block][$0] }
    }
  }
}

/// How often the clusters of two blocks go together in some units.
private struct Half: Sendable {
  /// By block; `nil` where too few units have it.
  private let centroids: [Centroids?]
  /// By pair of blocks.
  private let information: [Information?]

  init(_ points: Points, seed: UInt64) {
    centroids = Block.allCases.map { block in
      let own = points.only(block)
      guard own.count >= DriftCoherence.fewest / 2 else { return nil }
      return KMeans(k: DriftCoherence.clusters, restarts: 1, seed: seed).fit(own)?.centroids
    }
    let labels = Self.labels(points, centroids)
    information = labels.indices.flatMap { a in
      labels.indices.map { b in a == b ? nil : Information(labels[a], labels[b]) }
    }
  }

  func scores(of points: Points) -> [[Float]] {
    let labels = Self.labels(points, centroids)
    return centroids.indices.map { a in
      (0..<points.count).map { row in
        var (sum, pairs) = (0.0, 0)
        for b in centroids.indices {
          guard let table = information[a * centroids.count + b], let first = labels[a][row],
            let second = labels[b][row]
          else { continue }
          sum += table(first, second)
          pairs += 1
        }
        let share = DriftCoherence.share
        return pairs > 0 ? Float(log(1 - share + share * exp(-sum))) : .nan
      }
    }
  }

  private struct Information {
    private let k = DriftCoherence.clusters
    private var table: [Double]
    private var rows: [Double]
    private var columns: [Double]
    private var total = 0.0

    init(_ first: [Int?], _ second: [Int?]) {
      table = [Double](repeating: 0, count: k * k)
      rows = [Double](repeating: 0, count: k)
      columns = rows
      for case (let row?, let column?) in zip(first, second) {
        table[row * k + column] += 1
        rows[row] += 1
        columns[column] += 1
        total += 1
      }
    }

    /// ln of the pair's observed count over its count by chance.
    func callAsFunction(_ row: Int, _ column: Int) -> Double {
      let chance = (rows[row] + 0.5) * (columns[column] + 0.5) / (total + 1)
      return log((table[row * k + column] + DriftCoherence.prior) / (chance + DriftCoherence.prior))
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
