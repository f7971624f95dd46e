import Core
internal import LinearAlgebra

/// Least squares with a penalty on large coefficients (Hoerl and Kennard 1970). Five-fold cross-validation chooses its
/// strength.
struct RidgeRegression {
  /// Inputs × outputs.
  let coefficients: Matrix<Double>
  /// Share of the outputs' variance explained on held-out rows.
  let heldOutShare: Double

  private static let parts = 5
  /// In multiples of the mean variance of an input.
  private static let strengths = [0.1, 0.3, 1, 3, 10]

  /// - Parameters:
  ///   - inputs, outputs: centred, one row per sample.
  ///   - groups: the group of each row; rows of one group are held out together.
  init(_ inputs: Matrix<Double>, _ outputs: Matrix<Double>, groups: [Int]) {
    let whole = Moments(inputs, outputs, rows: Array(0..<inputs.rows))
    let parts = (0..<Self.parts).map { part in
      Moments(inputs, outputs, rows: groups.indices.filter { groups[$0] % Self.parts == part })
    }
    let total = outputs.values.reduce(0) { $0 + $1 * $1 }
    let shares = Self.strengths.map { strength in
      let lost = parts.reduce(0.0) { sum, part in
        sum + part.error(whole.minus(part).solved(strength), inputs, outputs)
      }
      return total > 0 ? 1 - lost / total : 0
    }
    let best = shares.indices.max { shares[$0] < shares[$1] } ?? 0
    heldOutShare = shares[best]
    coefficients = whole.solved(Self.strengths[best])
  }

  /// Sums over some rows, from which the coefficients follow.
  private struct Moments {
    var rows: [Int]
    var inner: Matrix<Double>
    var cross: Matrix<Double>

    init(_ inputs: Matrix<Double>, _ outputs: Matrix<Double>, rows: [Int]) {
      self.rows = rows
      let chosen = Self.rows(inputs, rows)
      inner = LinearAlgebra.product(chosen, chosen, transposed: true)
      cross = LinearAlgebra.product(chosen, Self.rows(outputs, rows), transposed: true)
    }

    static func rows(_ matrix: Matrix<Double>, _ rows: [Int]) -> Matrix<Double> {
      Matrix(
        rows: rows.count, columns: matrix.columns, values: rows.flatMap { Array(matrix.row($0)) })
    }

    func minus(_ part: Moments) -> Moments {
      var rest = self
      for index in inner.values.indices { rest.inner.values[index] -= part.inner.values[index] }
      for index in cross.values.indices { rest.cross.values[index] -= part.cross.values[index] }
      return rest
    }

    func solved(_ strength: Double) -> Matrix<Double> {
      var penalised = inner
      let trace = (0..<inner.rows).reduce(0) { $0 + inner[$1, $1] }
      let penalty = max(strength * trace / Double(max(1, inner.rows)), 1e-12)
      for index in 0..<inner.rows { penalised[index, index] += penalty }
      return LinearAlgebra.solve(penalised, cross)
    }

    /// The squared error of coefficients on these rows.
    func error(
      _ coefficients: Matrix<Double>, _ inputs: Matrix<Double>, _ outputs: Matrix<Double>
    ) -> Double {
      guard !rows.isEmpty else { return 0 }
      let predicted = LinearAlgebra.product(Self.rows(inputs, rows), coefficients)
      return zip(predicted.values, Self.rows(outputs, rows).values)
        .reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
  }
}
