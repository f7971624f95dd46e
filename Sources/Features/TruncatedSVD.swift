import Core

/// The leading right singular vectors of a sparse matrix, by randomised subspace iteration
/// (Halko, Martinsson and Tropp 2011).
enum TruncatedSVD {
  typealias Row = [(term: Int, weight: Double)]

  private static let oversampling = 10
  private static let iterations = 7

  /// - Returns: at most `count` × `columns`, rows of length 1 in the order of their singular values.
  static func components(_ rows: [Row], columns: Int, count: Int, seed: UInt64) -> Matrix<Double> {
    let kept = min(count, rows.count, columns)
    let width = min(kept + oversampling, rows.count, columns)
    var generator = SeededGenerator(seed: seed)
    var basis = Matrix<Double>(
      rows: columns, columns: width,
      values: (0..<columns * width).map { _ in generator.gaussian() })
    for _ in 0..<iterations {
      basis = LinearAlgebra.orthonormal(basis)
      basis = transposeTimes(rows, times(rows, basis), columns: columns)
    }
    basis = LinearAlgebra.orthonormal(basis)
    // Within the basis the problem is small: the eigenvectors of (A·Q)ᵀ(A·Q).
    let image = times(rows, basis)
    let small = LinearAlgebra.symmetricEigen(LinearAlgebra.product(image, image, transposed: true))
    var vectors = LinearAlgebra.product(small.vectors, LinearAlgebra.transpose(basis))
    LinearAlgebra.fixSigns(&vectors)
    return Matrix(
      rows: kept, columns: columns, values: Array(vectors.values.prefix(kept * columns)))
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
