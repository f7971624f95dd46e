import Core
internal import LinearAlgebra

/// The leading right singular vectors of a matrix given only by its products, by randomised subspace iteration
/// (Halko, Martinsson and Tropp 2011).
enum SubspaceIteration {
  private static let oversampling = 10
  private static let iterations = 7

  /// - Parameters:
  ///   - rows, columns: of the matrix.
  ///   - count: maximum number of vectors.
  ///   - times: multiplies the matrix by a columns × n matrix.
  ///   - transposeTimes: multiplies the transposed matrix by a rows × n matrix.
  /// - Returns: squared singular values in descending order, and their vectors as rows of length 1.
  static func leading(
    rows: Int, columns: Int, count: Int, seed: UInt64,
    times: (Matrix<Double>) -> Matrix<Double>, transposeTimes: (Matrix<Double>) -> Matrix<Double>
  ) -> (squares: [Double], vectors: Matrix<Double>) {
    let kept = min(count, rows, columns)
    let width = min(kept + oversampling, rows, columns)
    var generator = SeededGenerator(seed: seed)
    var basis = Matrix<Double>(
      rows: columns, columns: width,
      values: (0..<columns * width).map { _ in generator.gaussian() })
    for _ in 0..<iterations {
      basis = transposeTimes(times(LinearAlgebra.orthonormal(basis)))
    }
    basis = LinearAlgebra.orthonormal(basis)
    // Within the basis the problem is small: the eigenvectors of (A·Q)ᵀ(A·Q).
    let image = times(basis)
    let small = LinearAlgebra.symmetricEigen(LinearAlgebra.product(image, image, transposed: true))
    var vectors = LinearAlgebra.product(small.vectors, LinearAlgebra.transpose(basis))
    LinearAlgebra.fixSigns(&vectors)
    return (
      Array(small.values.prefix(kept)),
      Matrix(rows: kept, columns: columns, values: Array(vectors.values.prefix(kept * columns)))
    )
  }
}
