import Core
import Foundation

extension Centroids {
  /// The nearest centroid of each point, the same as by `assign`; many at once by a matrix product.
  package func labels(_ batch: [Embedding]) -> [Int] {
    guard batch.count >= 8 else { return batch.map { assign($0).cluster } }
    let table = CentroidTable(self)
    let labels = SharedArray<Int>(repeating: 0, count: batch.count)
    // Parts of this size stay in the cache between copy and product.
    let parts = chunks(batch.count, of: 128)
    inParallel(parts.count) { part in label(parts[part], of: batch, by: table, into: labels) }
    return labels.array
  }

  private func label(
    _ part: Range<Int>, of batch: [Embedding], by table: CentroidTable,
    into labels: SharedArray<Int>
  ) {
    let dimensions = layout.dimensions
    withUnsafeTemporaryAllocation(of: Float.self, capacity: part.count * (dimensions + k)) { room in
      let (rows, scores) = (room.baseAddress!, room.baseAddress! + part.count * dimensions)
      for (row, point) in part.enumerated() {
        batch[point].values.withUnsafeBufferPointer {
          (rows + row * dimensions).update(from: $0.baseAddress!, count: dimensions)
        }
      }
      table.scores(rows, rows: part.count, into: scores) { batch[part.lowerBound + $0].mask }
      for (row, point) in part.enumerated() {
        let (x, mask) = (rows + row * dimensions, batch[point].mask)
        labels[point] =
          table.clearest(x, mask, scores + row * k) ?? assign(x, mask).cluster
      }
    }
  }

  /// One mini-batch step (Sculley 2010): the labels are from before the update, and every centroid moves by
  /// 1 / its weight for each of its points. The order within a batch doesn't matter, because a centroid's
  /// points are summed before it moves. A block that a point lacks doesn't move, nor does its weight change.
  ///
  /// - Parameters:
  ///   - points: the batch, each point of weight 1, in an order that the caller keeps fixed.
  ///   - labels: the centroid of each point.
  ///   - halfLife: number of points after which an earlier one weighs half; 0 never forgets.
  ///   - floor: weight below which forgetting stops, so that one point doesn't move a rare cluster far.
  /// - Returns: the indices of the centroids that changed.
  @discardableResult
  package mutating func update(
    _ points: [Embedding], labels: [Int], halfLife: Double = 0, floor: Double = 10
  ) -> [Int] {
    precondition(points.count == labels.count)
    if halfLife > 0 {
      let keep = pow(0.5, Double(points.count) / halfLife)
      for index in weights.indices where weights[index] > floor {
        weights[index] = max(floor, weights[index] * keep)
      }
    }
    // Group the members by cluster.
    var starts = [Int](repeating: 0, count: k + 1)
    for label in labels { starts[label + 1] += 1 }
    for cluster in 0..<k { starts[cluster + 1] += starts[cluster] }
    var next = starts
    var order = [Int](repeating: 0, count: points.count)
    for (point, label) in labels.enumerated() {
      order[next[label]] = point
      next[label] += 1
    }
    let changed = (0..<k).filter { starts[$0] < starts[$0 + 1] }
    for cluster in changed {
      let members = order[starts[cluster]..<starts[cluster + 1]]
      for block in Block.allCases { move(cluster, block, members, of: points) }
    }
    // Forgetting changes every weight.
    return halfLife > 0 ? Array(0..<k) : changed
  }

  /// Moves one block of a centroid towards its members that have the block, summed in float64.
  private mutating func move(
    _ cluster: Int, _ block: Block, _ members: ArraySlice<Int>, of points: [Embedding]
  ) {
    let range = layout.range(of: block)
    let present = members.filter { points[$0].mask.contains(block) }
    guard !range.isEmpty, !present.isEmpty else { return }
    let slot = cluster * Block.allCases.count + block.rawValue
    let before = weights[slot]
    weights[slot] += Double(present.count)
    let (share, old) = (1 / weights[slot], before / weights[slot])
    let first = cluster * layout.dimensions
    values.withUnsafeMutableBufferPointer { values in
      let center = values.baseAddress! + first
      var dimension = range.lowerBound
      while dimension + 16 <= range.upperBound {
        var sum = SIMD16<Double>.zero
        for member in present {
          points[member].values.withUnsafeBufferPointer {
            sum += SIMD16<Double>(Rows.lanes($0.baseAddress! + dimension))
          }
        }
        let mean = SIMD16<Double>(Rows.lanes(center + dimension)) * old + sum * share
        UnsafeMutableRawPointer(center + dimension).storeBytes(
          of: SIMD16<Float>(mean), as: SIMD16<Float>.self)
        dimension += 16
      }
      while dimension < range.upperBound {
        let sum = present.reduce(0.0) { $0 + Double(points[$1].values[dimension]) }
        center[dimension] = Float(Double(center[dimension]) * old + sum * share)
        dimension += 1
      }
    }
  }
}
