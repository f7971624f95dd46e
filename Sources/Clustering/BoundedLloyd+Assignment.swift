import Core

extension BoundedLloyd {
  /// What one assignment needs to know about the centroids.
  struct Step: Sendable {
    let table: CentroidTable
    /// masks × k: how far each centroid has moved since the last assignment, in the mask's distances.
    let moves: [Float]
    /// By mask: the largest move in each lane.
    let laneMoves: [SIMD8<Float>]

    /// - Parameter moves: k × dimensions; `nil` before the first assignment.
    init(_ centroids: Centroids, moves: [Float]?) {
      let (k, layout) = (centroids.k, centroids.layout)
      table = CentroidTable(centroids)
      var lengths = [Float](repeating: 0, count: CentroidTable.masks * k)
      if let moves {
        let squares = CentroidTable.squaredNorms(moves, k: k, layout: layout)
        for index in lengths.indices {
          let scale = layout.scale(for: BlockMask(rawValue: index / k))
          lengths[index] = (squares[index] * scale).squareRoot()
        }
      }
      self.moves = lengths
      laneMoves = (0..<CentroidTable.masks).map { mask in
        var farthest = SIMD8<Float>.zero
        for center in 0..<k {
          farthest[center % 8] = max(farthest[center % 8], lengths[mask * k + center])
        }
        return farthest
      }
    }
  }

  /// Rows per matrix product: large enough for a small overhead, small enough for a core's cache.
  private var batch: Int { max(128, min(512, (1 << 17) / (points.dimensions + k))) }

  /// Relabels the rows of one chunk.
  ///
  /// - Parameter slack: factor by which a row's own centroid must be nearer than any other for the row to be skipped.
  func assign(_ rows: Range<Int>, _ step: Step, slack: Float) {
    let batch = batch
    withUnsafeTemporaryAllocation(of: Float.self, capacity: batch * (points.dimensions + k)) {
      room in
      points.withRows { values in
        let gathered = room.baseAddress!
        let scores = gathered + batch * points.dimensions
        withUnsafeTemporaryAllocation(of: Int.self, capacity: batch) { open in
          var count = 0
          func settleAll() {
            settle(open.baseAddress!, count, values, gathered, scores, step)
            count = 0
          }
          for row in rows where isOpen(row, values + row * points.dimensions, step, slack) {
            open[count] = row
            count += 1
            if count == batch { settleAll() }
          }
          settleAll()
        }
      }
    }
  }

  /// Updates a row's bounds for the moves of the centroids.
  ///
  /// - Returns: whether another centroid may now be nearer than its own.
  private func isOpen(_ row: Int, _ x: UnsafePointer<Float>, _ step: Step, _ slack: Float)
    -> Bool
  {
    let label = Int(labels[row])
    guard label >= 0, upper[row].isFinite else { return true }
    let mask = points.masks[row].rawValue
    let bounds = lower[row] - step.laneMoves[mask]
    lower[row] = bounds
    let nearest = Rows.smallest(bounds)
    upper[row] += step.moves[mask * k + label]
    if upper[row] * slack < nearest { return false }
    // The bound may just be loose: measure.
    let dot = step.table.values.withUnsafeBufferPointer {
      Rows.dot(x, $0.baseAddress! + label * points.dimensions, points.dimensions)
    }
    let squared = norms[row] + step.table.norm(label, mask: mask) - 2 * dot
    upper[row] = (max(0, squared) * scales[mask]).squareRoot()
    return upper[row] * slack >= nearest
  }

  /// Compares rows with every centroid.
  private func settle(
    _ open: UnsafePointer<Int>, _ count: Int, _ values: UnsafePointer<Float>,
    _ gathered: UnsafeMutablePointer<Float>, _ scores: UnsafeMutablePointer<Float>, _ step: Step
  ) {
    guard count > 0 else { return }
    let dimensions = points.dimensions
    // Contiguous rows need no copy.
    let isDense = open[count - 1] - open[0] == count - 1
    if !isDense {
      for index in 0..<count {
        (gathered + index * dimensions).update(
          from: values + open[index] * dimensions, count: dimensions)
      }
    }
    let first = isDense ? values + open[0] * dimensions : UnsafePointer(gathered)
    step.table.scores(first, rows: count, into: scores) { points.masks[open[$0]] }
    for index in 0..<count { take(open[index], scores + index * k) }
  }

  /// Sets a row's label and bounds from its scores; ties go to the lower index.
  private func take(_ row: Int, _ scores: UnsafePointer<Float>) {
    let scale = scales[points.masks[row].rawValue]
    let (best, label, bounds) = Rows.nearest(scores, k)
    lower[row] = Rows.roots((bounds + norms[row]) * scale)
    upper[row] = (max(0, norms[row] + best) * scale).squareRoot()
    labels[row] = Int32(label)
  }
}
