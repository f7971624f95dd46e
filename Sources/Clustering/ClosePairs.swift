import Core
import Synchronization

/// Two rows that are near each other.
package struct ClosePair: Sendable, Equatable {
  package var first: Int
  package var second: Int
  package var distance: Double
}

/// All pairs of rows that are no farther apart than a radius, in order of rows. Exact, on all cores.
///
/// Rows are sorted into cubes of the radius' side by the three columns that vary most: near rows are in the same cube or
/// in neighbouring ones, so that only these are compared.
package func closePairs(_ points: Matrix<Float>, within radius: Double) -> [ClosePair] {
  precondition(radius > 0)
  guard points.rows > 1, points.columns > 0 else { return [] }
  let columns = varyingColumns(points).prefix(3)
  let cubes = (0..<points.rows).map { row in
    var cube = SIMD3<Int32>.zero
    for (axis, column) in columns.enumerated() {
      let place = (Double(points[row, column]) / radius).rounded(.down)
      // Rows beyond share the outermost cubes; what is no number is near nothing.
      cube[axis] = place.isNaN ? 0 : Int32(min(max(place, -1e9), 1e9))
    }
    return cube
  }
  let rows = Dictionary(grouping: 0..<points.rows) { cubes[$0] }
  // A fixed order, so that threads get the same parts.
  let order = rows.keys.sorted { ($0.x, $0.y, $0.z) < ($1.x, $1.y, $1.z) }
  let pairs = Mutex<[ClosePair]>([])
  let limit = radius * radius
  inParallel(order.count) { index in
    var found: [ClosePair] = []
    let own = rows[order[index]] ?? []
    for step in halfOfNeighbours {
      let others = step == .zero ? own : rows[order[index] &+ step] ?? []
      points.values.withUnsafeBufferPointer { values in
        for first in own {
          for second in others where step != .zero || second > first {
            let square = Rows.exactSquaredDistance(
              values.baseAddress! + first * points.columns,
              values.baseAddress! + second * points.columns, points.columns)
            guard square <= limit else { continue }
            found.append(
              ClosePair(
                first: min(first, second), second: max(first, second),
                distance: square.squareRoot()))
          }
        }
      }
    }
    if !found.isEmpty { pairs.withLock { $0 += found } }
  }
  return pairs.withLock { $0 }.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
}

/// A cube itself and one of each two opposite neighbours.
private let halfOfNeighbours: [SIMD3<Int32>] = {
  var steps: [SIMD3<Int32>] = []
  for x in Int32(-1)...1 {
    for y in Int32(-1)...1 {
      for z in Int32(-1)...1 where (x, y, z) >= (0, 0, 0) { steps.append(SIMD3(x, y, z)) }
    }
  }
  return steps
}()

/// Columns by their variance, largest first.
private func varyingColumns(_ points: Matrix<Float>) -> [Int] {
  var sums = [Double](repeating: 0, count: points.columns)
  var squares = sums
  for row in 0..<points.rows {
    for column in 0..<points.columns {
      let value = Double(points[row, column])
      sums[column] += value
      squares[column] += value * value
    }
  }
  let variances = zip(sums, squares).map { sum, square in
    square / Double(points.rows) - sum * sum / Double(points.rows * points.rows)
  }
  return variances.indices.sorted { (variances[$1], $0) < (variances[$0], $1) }
}
