import Core

extension Centroids {
  /// Labels and Euclidean distances of all points, by matrix products, on all cores.
  package func assign(_ points: Points) -> (labels: [Int], distances: [Float]) {
    let labels = SharedArray<Int>(repeating: 0, count: points.count)
    let distances = SharedArray<Float>(repeating: 0, count: points.count)
    let (k, layout) = (k, layout)
    CentroidTable(self).forEachRow(of: points) { row, x, scores in
      var best = 0
      for cluster in 1..<max(1, k) where scores[cluster] < scores[best] { best = cluster }
      labels[row] = best
      // Missing blocks are zero, so the whole row's norm is that of the present blocks.
      let squared = max(0, Rows.dot(x, x, layout.dimensions) + scores[best])
      distances[row] = (squared * layout.scale(for: points.masks[row])).squareRoot()
    }
    return (labels.array, distances.array)
  }
}
