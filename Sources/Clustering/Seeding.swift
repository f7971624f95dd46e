import Core
import Foundation

/// Greedy k-means++ (Arthur and Vassilvitskii 2007; the greedy choice among 2 + ⌊ln k⌋ candidates as in
/// scikit-learn), on masked distances.
enum Seeding {
  static func centroids(_ points: Points, k: Int, generator: inout SeededGenerator) -> Centroids {
    let trials = 2 + Int(log(Double(k)))
    var chosen = [Int(generator.next() % UInt64(points.count))]
    var nearest = distances(points, to: chosen)[0]
    while chosen.count < k {
      let total = nearest.reduce(0.0) { $0 + Double($1) }
      let candidates = (0..<trials).map { _ in pick(nearest, total: total, generator.uniform()) }
      var best: (index: Int, potential: Double, distances: [Float])?
      for (candidate, own) in zip(candidates, distances(points, to: candidates)) {
        var closer = own
        var potential = 0.0
        for index in closer.indices {
          closer[index] = min(closer[index], nearest[index])
          potential += Double(closer[index])
        }
        if potential < best?.potential ?? .infinity { best = (candidate, potential, closer) }
      }
      guard let best else { break }
      chosen.append(best.index)
      nearest = best.distances
    }
    return centroids(points, at: chosen)
  }

  /// The points themselves as centres. A block that the point misses starts at the mean, which is zero.
  private static func centroids(_ points: Points, at rows: [Int]) -> Centroids {
    Centroids(
      layout: points.layout, k: rows.count, values: rows.flatMap { points[$0].values },
      weights: [Double](repeating: 0, count: rows.count * Block.allCases.count))
  }

  /// Squared distances of all points to each of some of them.
  private static func distances(_ points: Points, to rows: [Int]) -> [[Float]] {
    let results = rows.map { _ in SharedArray<Float>(repeating: 0, count: points.count) }
    let scales = (0..<CenterTable.masks).map { points.layout.scale(for: BlockMask(rawValue: $0)) }
    CenterTable(centroids(points, at: rows)).forEachRow(of: points) { row, norm, scores in
      let scale = scales[points.masks[row].rawValue]
      for (index, result) in results.enumerated() {
        result[row] = max(0, norm + scores[index]) * scale
      }
    }
    return results.map(\.array)
  }

  /// Draws a row with a chance in proportion to its distance.
  private static func pick(_ weights: [Float], total: Double, _ uniform: Double) -> Int {
    guard total > 0 else { return Int(uniform * Double(weights.count)) }
    var left = uniform * total
    for (index, weight) in weights.enumerated() {
      left -= Double(weight)
      if left < 0 { return index }
    }
    return weights.lastIndex { $0 > 0 } ?? 0
  }
}
