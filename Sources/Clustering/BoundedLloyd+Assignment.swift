import Core

extension BoundedLloyd {
  /// What one assignment needs to know of the centres.
  struct Step: Sendable {
    let table: CenterTable
    /// masks × k: how far each centre has moved since the last assignment, in the mask's distances.
    let moves: [Float]
    /// masks × groups: the farthest of each group.
    let groupMoves: [Float]

    /// - Parameter moves: k × dimensions; `nil` before the first assignment.
    init(_ centroids: Centroids, moves: [Float]?, _ groups: [Range<Int>]) {
      let (k, layout) = (centroids.k, centroids.layout)
      table = CenterTable(centroids)
      var lengths = [Float](repeating: 0, count: CenterTable.masks * k)
      if let moves {
        let squares = CenterTable.squaredNorms(moves, k: k, layout: layout)
        for index in lengths.indices {
          let scale = layout.scale(for: BlockMask(rawValue: index / k))
          lengths[index] = (squares[index] * scale).squareRoot()
        }
      }
      self.moves = lengths
      groupMoves = (0..<CenterTable.masks).flatMap { mask in
        groups.map { $0.reduce(0) { max($0, lengths[mask * k + $1]) } }
      }
    }
  }

  private static let batch = 128

  /// Labels the rows of one chunk anew.
  ///
  /// - Parameter slack: how much nearer than another centre its own must be for a row to be passed over.
  func assign(_ rows: Range<Int>, _ step: Step, slack: Float) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.batch * (points.dimensions + k)) {
      room in
      points.withRows { values in
        let gathered = room.baseAddress!
        let scores = gathered + Self.batch * points.dimensions
        withUnsafeTemporaryAllocation(of: Int.self, capacity: Self.batch) { open in
          var count = 0
          for row in rows where isOpen(row, values + row * points.dimensions, step, slack) {
            open[count] = row
            count += 1
            if count == Self.batch {
              settle(open.baseAddress!, count, values, gathered, scores, step)
              count = 0
            }
          }
          settle(open.baseAddress!, count, values, gathered, scores, step)
        }
      }
    }
  }

  /// Moves a row's bounds along with the centres.
  ///
  /// - Returns: whether another centre may be nearer than its own now.
  private func isOpen(_ row: Int, _ x: UnsafePointer<Float>, _ step: Step, _ slack: Float)
    -> Bool
  {
    let label = Int(labels[row])
    guard label >= 0, upper[row].isFinite else { return true }
    let mask = points.masks[row].rawValue
    let bounds = lower.base + row * groups.count
    var nearest = Float.infinity
    for group in 0..<groups.count {
      bounds[group] = max(0, bounds[group] - step.groupMoves[mask * groups.count + group])
      nearest = min(nearest, bounds[group])
    }
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

  /// Compares rows with every centre.
  private func settle(
    _ open: UnsafePointer<Int>, _ count: Int, _ values: UnsafePointer<Float>,
    _ gathered: UnsafeMutablePointer<Float>, _ scores: UnsafeMutablePointer<Float>, _ step: Step
  ) {
    guard count > 0 else { return }
    let dimensions = points.dimensions
    // Rows that lie side by side need no copy.
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

  /// Gives a row the label and the bounds that its scores tell; of equals the lower index.
  private func take(_ row: Int, _ scores: UnsafePointer<Float>) {
    let scale = scales[points.masks[row].rawValue]
    let bounds = lower.base + row * groups.count
    var best = (score: Float.infinity, second: Float.infinity, group: 0)
    for (group, members) in groups.enumerated() {
      let (first, second) = Rows.twoSmallest(scores + members.lowerBound, members.count)
      bounds[group] = first
      if first < best.score { best = (first, second, group) }
    }
    bounds[best.group] = best.second
    for group in 0..<groups.count {
      bounds[group] = (max(0, norms[row] + bounds[group]) * scale).squareRoot()
    }
    upper[row] = (max(0, norms[row] + best.score) * scale).squareRoot()
    labels[row] = Int32(groups[best.group].first { scores[$0] == best.score } ?? 0)
  }
}
