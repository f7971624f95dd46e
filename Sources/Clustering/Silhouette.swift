import Core

/// The silhouette (Rousseeuw 1987): for each point (b − a) / max(a, b) of its mean distance a to its own
/// cluster and b to the nearest other one; 0 for a cluster of one.
package enum Silhouette {
  /// The mean over all points, by masked Euclidean distances in float64. O(n²): give it a sample.
  ///
  /// - Returns: `nil` unless there are at least two clusters.
  package static func mean(_ points: Points, labels: [Int]) -> Double? {
    precondition(points.count == labels.count)
    let k = (labels.max() ?? 0) + 1
    let sizes = occupancy(labels, k: k)
    guard sizes.count(where: { $0 > 0 }) >= 2 else { return nil }
    let values = SharedArray<Double>(repeating: 0, count: points.count)
    let masks = points.masks
    let dimensions = points.dimensions
    inParallel(points.count) { row in
      points.withRows { rows in
        var sums = [Double](repeating: 0, count: k)
        for other in 0..<points.count {
          sums[labels[other]] += distance(
            rows + row * dimensions, rows + other * dimensions,
            masks[row].intersection(masks[other]), points.layout)
        }
        let own = labels[row]
        guard sizes[own] > 1 else { return }
        let a = sums[own] / Double(sizes[own] - 1)
        let b =
          (0..<k).filter { $0 != own && sizes[$0] > 0 }
          .map { sums[$0] / Double(sizes[$0]) }.min() ?? 0
        values[row] = max(a, b) > 0 ? (b - a) / max(a, b) : 0
      }
    }
    return values.array.reduce(0, +) / Double(points.count)
  }

  private static func distance(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ mask: BlockMask, _ layout: BlockLayout
  ) -> Double {
    var sum = 0.0
    for block in Block.allCases where mask.contains(block) {
      for dimension in layout.range(of: block) {
        let difference = Double(a[dimension]) - Double(b[dimension])
        sum += difference * difference
      }
    }
    return (sum * Double(layout.scale(for: mask))).squareRoot()
  }
}
