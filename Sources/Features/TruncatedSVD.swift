import Core

/// The leading right singular vectors of a sparse matrix.
enum TruncatedSVD {
  typealias Row = [(term: Int, weight: Double)]

  /// - Returns: at most `count` × `columns`, rows of length 1 in the order of their singular values.
  static func components(_ rows: [Row], columns: Int, count: Int, seed: UInt64) -> Matrix<Double> {
    SubspaceIteration.leading(
      rows: rows.count, columns: columns, count: count, seed: seed,
      times: { times(rows, $0) }, transposeTimes: { transposeTimes(rows, $0, columns: columns) }
    ).vectors
  }

  private static func times(_ rows: [Row], _ dense: Matrix<Double>) -> Matrix<Double> {
    var result = Matrix<Double>(rows: rows.count, columns: dense.columns)
    for (index, row) in rows.enumerated() {
      for entry in row {
        for column in 0..<dense.columns {
          result[index, column] += entry.weight * dense[entry.term, column]
        }
      }
    }
    return result
  }

  private static func transposeTimes(_ rows: [Row], _ dense: Matrix<Double>, columns: Int)
    -> Matrix<Double>
  {
    var result = Matrix<Double>(rows: columns, columns: dense.columns)
    for (index, row) in rows.enumerated() {
      for entry in row {
        for column in 0..<dense.columns {
          result[entry.term, column] += entry.weight * dense[index, column]
        }
      }
    }
    return result
  }
}
