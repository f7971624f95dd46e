import Core
import Foundation

extension Centroids {
  /// The nearest centre of each point, as `assign` gives it for the point alone; many at once by matrix products.
  public func labels(_ batch: [Embedding]) -> [Int] {
    guard batch.count >= 8 else { return batch.map { assign($0).cluster } }
    var points = Points(layout: layout)
    points.reserve(batch.count)
    for point in batch { points.append(point) }
    return KMeans.Result(assigning: points, to: self).labels
  }

  /// One mini-batch step (Sculley 2010): the labels come from before the update, and every centre moves by
  /// 1 / its weight for each of its points. Within a batch the order doesn't matter, because a centre's
  /// points are summed before it moves. A block that a point misses doesn't move, nor does its weight.
  ///
  /// - Parameters:
  ///   - points: the batch, each point of weight 1, in an order that the caller keeps fixed.
  ///   - labels: the centre of each point.
  ///   - halfLife: points after which an earlier one weighs half; 0 never forgets.
  ///   - floor: weight below which forgetting stops, so that a rare cluster isn't thrown about by one point.
  /// - Returns: the indices of the centres that changed.
  @discardableResult
  public mutating func update(
    _ points: [Embedding], labels: [Int], halfLife: Double = 0, floor: Double = 10
  ) -> [Int] {
    precondition(points.count == labels.count)
    let blocks = Block.allCases.count
    let dimensions = layout.dimensions
    if halfLife > 0 {
      let keep = pow(0.5, Double(points.count) / halfLife)
      for index in weights.indices where weights[index] > floor {
        weights[index] = max(floor, weights[index] * keep)
      }
    }
    var changed: Set<Int> = []
    var sums = [Double](repeating: 0, count: dimensions)
    for (cluster, members) in Dictionary(grouping: points.indices, by: { labels[$0] }) {
      for block in Block.allCases {
        let range = layout.range(of: block)
        let present = members.filter { points[$0].mask.contains(block) }
        guard !present.isEmpty, !range.isEmpty else { continue }
        for dimension in range { sums[dimension] = 0 }
        for member in present {
          points[member].values.withUnsafeBufferPointer { values in
            for dimension in range { sums[dimension] += Double(values[dimension]) }
          }
        }
        let slot = cluster * blocks + block.rawValue
        let before = weights[slot]
        weights[slot] += Double(present.count)
        for dimension in range {
          let at = cluster * dimensions + dimension
          values[at] = Float((Double(values[at]) * before + sums[dimension]) / weights[slot])
        }
        changed.insert(cluster)
      }
    }
    // Forgetting touches every weight.
    return halfLife > 0 ? Array(0..<k) : changed.sorted()
  }
}
