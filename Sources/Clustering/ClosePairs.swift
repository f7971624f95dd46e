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
/// Rows are sorted into cubes of the radius' side by the three columns that vary most: near rows are in the same cube
/// or in neighbouring ones, so that only these are compared, by the eight columns that vary most before all others.
package func closePairs(_ points: Matrix<Float>, within radius: Double) -> [ClosePair] {
  precondition(radius > 0)
  guard points.rows > 1, points.columns > 0 else { return [] }
  let columns = varyingColumns(points)
  let cubes = (0..<points.rows).map { row in
    var cube = SIMD3<Int32>.zero
    for (axis, column) in columns.prefix(3).enumerated() {
      let place = (Double(points[row, column]) / radius).rounded(.down)
      // Rows beyond share the outermost cubes; what is no number is near nothing.
      cube[axis] = place.isNaN ? 0 : Int32(min(max(place, -1e9), 1e9))
    }
    return cube
  }
  let order = cubes.indices.sorted {
    (cubes[$0].x, cubes[$0].y, cubes[$0].z, $0) < (cubes[$1].x, cubes[$1].y, cubes[$1].z, $1)
  }
  let heads = order.map { row in
    var head = SIMD8<Float>.zero
    for (lane, column) in columns.prefix(8).enumerated() { head[lane] = points[row, column] }
    return head
  }
  var places: [SIMD3<Int32>: Range<Int>] = [:]
  for (place, row) in order.enumerated() {
    places[cubes[row]] = (places[cubes[row]]?.lowerBound ?? place)..<place + 1
  }
  let parts = places.values.sorted { $0.lowerBound < $1.lowerBound }
  let (whole, limit) = (places, radius * radius)
  let pairs = Mutex<[ClosePair]>([])
  inParallel(parts.count) { part in
    var found: [ClosePair] = []
    for step in halfOfNeighbours {
      guard let others = whole[cubes[order[parts[part].lowerBound]] &+ step] else { continue }
      for place in parts[part] {
        let start = step == .zero ? place + 1 : others.lowerBound
        for other in start..<max(start, others.upperBound) {
          // Float32 errs by less than the margin.
          let difference = heads[place] - heads[other]
          guard Rows.sum(difference * difference) <= Float(limit) * 1.000_01 else { continue }
          let rows = (min(order[place], order[other]), max(order[place], order[other]))
          let square = points.values.withUnsafeBufferPointer { values in
            Rows.exactSquaredDistance(
              values.baseAddress! + rows.0 * points.columns,
              values.baseAddress! + rows.1 * points.columns, points.columns)
          }
          guard square <= limit else { continue }
          found.append(ClosePair(first: rows.0, second: rows.1, distance: square.squareRoot()))
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
