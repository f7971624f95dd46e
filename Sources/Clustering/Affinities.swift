import Core
import Foundation

/// How strongly points attract each other: a sparse symmetric matrix whose elements sum to 1, row by row.
struct Affinities: Sendable {
  /// Elements of row i: `starts[i]..<starts[i + 1]`.
  private(set) var starts: [Int] = [0]
  private(set) var columns: [Int32] = []
  private(set) var values: [Float] = []

  var count: Int { starts.count - 1 }

  /// Gaussian affinities to the 3 · perplexity nearest points, with the width of each point's own set by the perplexity.
  init(_ points: Matrix<Float>, perplexity: Double) {
    let count = points.rows
    let neighbours = min(count - 1, max(1, Int(3 * perplexity)))
    let near = Points(points).nearestRows(count: neighbours)
    let limit = max(1, min(perplexity, Double(neighbours) / 3))
    let weights = mapInParallel(near) { row in Self.weights(row.map(\.distance), limit) }
    // Both directions of each pair, in order of column.
    var incoming = [[(column: Int32, value: Float)]](repeating: [], count: count)
    for row in 0..<count {
      for (near, weight) in zip(near[row], weights[row]) {
        incoming[near.row].append((Int32(row), weight))
      }
    }
    let whole = Float(2 * count)
    for row in 0..<count {
      let own = zip(near[row], weights[row]).map { (column: Int32($0.row), value: $1) }
      for (column, value) in (own + incoming[row]).sorted(by: { $0.column < $1.column }) {
        if columns.count > starts[row], columns.last == column {
          values[values.count - 1] += value / whole
        } else {
          columns.append(column)
          values.append(value / whole)
        }
      }
      starts.append(columns.count)
    }
  }

  /// exp(−β d²), normalised, with β such that the entropy is ln(perplexity), by bisection.
  private static func weights(_ distances: [Double], _ perplexity: Double) -> [Float] {
    let nearest = distances.first ?? 0
    let squares = distances.map { $0 * $0 - nearest * nearest }
    let target = log(perplexity)
    let mean = squares.reduce(0, +) / Double(max(1, squares.count))
    guard mean > 0 else {
      return distances.map { _ in 1 / Float(distances.count) }
    }
    var (low, high, beta) = (0.0, Double.infinity, 1 / mean)
    for _ in 0..<60 {
      let weights = squares.map { exp(-beta * $0) }
      let sum = weights.reduce(0, +)
      let entropy = log(sum) + beta * zip(weights, squares).reduce(0) { $0 + $1.0 * $1.1 } / sum
      if abs(entropy - target) < 1e-5 { break }
      if entropy > target { low = beta } else { high = beta }
      beta = high.isFinite ? (low + high) / 2 : 2 * beta
    }
    let weights = squares.map { exp(-beta * $0) }
    let sum = weights.reduce(0, +)
    return weights.map { Float($0 / sum) }
  }
}
