import Core

extension Centroids {
  /// Labels and Euclidean distances of all points, by matrix products, on all cores.
  public func assign(_ points: Points) -> (labels: [Int], distances: [Float]) {
    let table = CenterTable(self)
    let labels = SharedArray<Int>(repeating: 0, count: points.count)
    let distances = SharedArray<Float>(repeating: 0, count: points.count)
    let parts = chunks(points.count, of: 1024)
    let layout = layout
    let k = k
    inParallel(parts.count) { part in
      let range = parts[part]
      let masks = points.masks
      withUnsafeTemporaryAllocation(of: Float.self, capacity: range.count * k) { scores in
        points.withRows { rows in
          let first = rows + range.lowerBound * points.dimensions
          table.scores(first, rows: range.count, into: scores.baseAddress!) {
            masks[range.lowerBound + $0]
          }
          for row in 0..<range.count {
            var best = 0
            for cluster in 1..<max(1, k) where scores[row * k + cluster] < scores[row * k + best] {
              best = cluster
            }
            let x = first + row * points.dimensions
            // Missing blocks are zero, so the whole row's norm is that of the present blocks.
            let squared = Rows.dot(x, x, points.dimensions) + scores[row * k + best]
            labels[range.lowerBound + row] = best
            distances[range.lowerBound + row] =
              (max(0, squared) * layout.scale(for: masks[range.lowerBound + row])).squareRoot()
          }
        }
      }
    }
    return (labels.array, distances.array)
  }
}
