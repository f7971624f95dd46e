import Core
import Foundation

/// Greedy k-means++ (Arthur and Vassilvitskii 2007; the greedy choice among 2 + ⌊ln k⌋ candidates as in
/// scikit-learn), on masked distances.
struct Seeding {
  private let points: Points
  private let trials: Int
  private let scales: [Float]
  /// Rows are summed up in parts, so that sums don't depend on the number of threads.
  private let parts: [Range<Int>]
  /// Each row's squared norm.
  private let norms: SharedArray<Float>
  /// Squared distance of each row to the nearest chosen centroid.
  private let nearest: SharedArray<Float>
  /// trials × rows: what `nearest` would be with each candidate.
  private let closer: SharedArray<Float>
  /// trials × parts: sums of `closer`.
  private let sums: SharedArray<Double>
  private var chosen: [Int] = []
  /// By part: sums of `nearest`.
  private var weights: [Double] = []

  /// Chooses points as centroids. A block that a point lacks starts at the mean, which is zero.
  static func centroids(_ points: Points, k: Int, generator: inout SeededGenerator) -> Centroids {
    var seeding = Seeding(points, k: k)
    seeding.choose(among: [Int(generator.next() % UInt64(points.count))])
    while seeding.chosen.count < k {
      seeding.choose(
        among: (0..<seeding.trials).map { _ in seeding.draw(generator.uniform()) })
    }
    return seeding.centroids(at: seeding.chosen)
  }

  private init(_ points: Points, k: Int) {
    self.points = points
    trials = 2 + Int(log(Double(k)))
    scales = (0..<CentroidTable.masks).map { points.layout.scale(for: BlockMask(rawValue: $0)) }
    parts = chunks(points.count, of: 2048)
    norms = points.norms()
    nearest = SharedArray(repeating: .infinity, count: points.count)
    closer = SharedArray(repeating: 0, count: points.count * trials)
    sums = SharedArray(repeating: 0, count: parts.count * trials)
  }

  private func centroids(at rows: [Int]) -> Centroids {
    Centroids(
      layout: points.layout, k: rows.count, values: rows.flatMap { points[$0].values },
      weights: [Double](repeating: 0, count: rows.count * Block.allCases.count))
  }

  /// Takes the candidate that leaves the smallest sum of distances.
  private mutating func choose(among candidates: [Int]) {
    measure(candidates)
    let totals = candidates.indices.map { candidate in
      parts.indices.reduce(0.0) { $0 + sums[candidate * parts.count + $1] }
    }
    let best = totals.indices.min { (totals[$0], $0) < (totals[$1], $1) } ?? 0
    chosen.append(candidates[best])
    nearest.base.update(from: closer.base + best * points.count, count: points.count)
    weights = parts.indices.map { sums[best * parts.count + $0] }
  }

  private func measure(_ candidates: [Int]) {
    let table = CentroidTable(centroids(at: candidates))
    inParallel(parts.count) { [self] part in
      // Sums of neighbouring parts share cache lines, so each is written only once.
      var totals = [Double](repeating: 0, count: candidates.count)
      table.forEachRow(of: points, in: parts[part]) { row, _, scores in
        let (scale, before, norm) = (
          scales[points.masks[row].rawValue], nearest[row], norms[row]
        )
        for candidate in 0..<totals.count {
          let distance = min(before, max(0, norm + scores[candidate]) * scale)
          closer[candidate * points.count + row] = distance
          totals[candidate] += Double(distance)
        }
      }
      for (candidate, total) in totals.enumerated() {
        sums[candidate * parts.count + part] = total
      }
    }
  }

  /// Draws a row with probability proportional to its squared distance.
  private func draw(_ uniform: Double) -> Int {
    let total = weights.reduce(0, +)
    guard total > 0 else { return Int(uniform * Double(points.count)) }
    var left = uniform * total
    for (part, weight) in zip(parts, weights) where weight > 0 {
      guard left < weight else {
        left -= weight
        continue
      }
      for row in part {
        left -= Double(nearest[row])
        if left < 0 { return row }
      }
    }
    // Rounding left a remainder.
    return (0..<points.count).last { nearest[$0] > 0 } ?? 0
  }
}
