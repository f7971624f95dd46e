internal import CBLAS
import Core

/// The few routines of BLAS and LAPACK that the method needs, in double precision.
package enum LinearAlgebra {
  /// A · B or, with `transposed`, Aᵀ · B.
  package static func product(_ a: Matrix<Double>, _ b: Matrix<Double>, transposed: Bool = false)
    -> Matrix<Double>
  {
    let rows = transposed ? a.columns : a.rows
    let inner = transposed ? a.rows : a.columns
    precondition(inner == b.rows)
    var result = Matrix<Double>(rows: rows, columns: b.columns)
    guard rows > 0, inner > 0, b.columns > 0 else { return result }
    cblas_dgemm(
      CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, CblasNoTrans, Int32(rows),
      Int32(b.columns), Int32(inner), 1, a.values, Int32(a.columns), b.values, Int32(b.columns), 0,
      &result.values, Int32(b.columns))
    return result
  }

  /// Eigenvalues of a symmetric matrix in descending order, and the eigenvectors as rows.
  package static func symmetricEigen(_ matrix: Matrix<Double>) -> (
    values: [Double], vectors: Matrix<Double>
  ) {
    precondition(matrix.rows == matrix.columns)
    var size = Int32(matrix.rows)
    var vectors = matrix.values
    var values = [Double](repeating: 0, count: matrix.rows)
    var information: Int32 = 0
    var workLength: Int32 = -1
    var integerLength: Int32 = -1
    var work = [Double](repeating: 0, count: 1)
    var integers = [Int32](repeating: 0, count: 1)
    // The first call only queries the workspace that the second one needs.
    for _ in 0..<2 {
      dsyevd_(
        "V", "U", &size, &vectors, &size, &values, &work, &workLength, &integers, &integerLength,
        &information)
      precondition(
        information == 0, "dsyevd failed: the covariance holds values that are not numbers")
      if workLength < 0 {
        workLength = Int32(work[0])
        integerLength = integers[0]
        work = [Double](repeating: 0, count: Int(workLength))
        integers = [Int32](repeating: 0, count: Int(integerLength))
      }
    }
    // LAPACK gives ascending values and the vectors as columns of a column-major matrix, which are rows here.
    var descending = Matrix<Double>(rows: matrix.rows, columns: matrix.rows)
    for row in 0..<matrix.rows {
      let source = (matrix.rows - 1 - row) * matrix.rows
      for column in 0..<matrix.rows { descending[row, column] = vectors[source + column] }
    }
    return (values.reversed(), descending)
  }

  /// An orthonormal basis of the columns' span: Q of the QR decomposition, rows ≥ columns.
  package static func orthonormal(_ matrix: Matrix<Double>) -> Matrix<Double> {
    // LAPACK is column-major: hand it the transpose.
    var columns = transpose(matrix).values
    var rows = Int32(matrix.rows)
    var count = Int32(matrix.columns)
    var reflectors = [Double](repeating: 0, count: matrix.columns)
    var length = Int32(64 * max(1, matrix.columns))
    var work = [Double](repeating: 0, count: Int(length))
    var information: Int32 = 0
    dgeqrf_(&rows, &count, &columns, &rows, &reflectors, &work, &length, &information)
    precondition(information == 0, "dgeqrf failed")
    dorgqr_(&rows, &count, &count, &columns, &rows, &reflectors, &work, &length, &information)
    precondition(information == 0, "dorgqr failed")
    return transpose(Matrix(rows: matrix.columns, columns: matrix.rows, values: columns))
  }

  /// Solves A · X = B for X, with a symmetric positive definite A.
  package static func solve(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Matrix<Double> {
    precondition(a.rows == a.columns && a.rows == b.rows)
    var factors = a.values
    var columns = transpose(b).values
    var size = Int32(a.rows)
    var count = Int32(b.columns)
    var information: Int32 = 0
    dposv_("U", &size, &count, &factors, &size, &columns, &size, &information)
    precondition(information == 0, "dposv failed: the matrix is not positive definite")
    return transpose(Matrix(rows: b.columns, columns: b.rows, values: columns))
  }

  package static func transpose(_ matrix: Matrix<Double>) -> Matrix<Double> {
    var result = Matrix<Double>(rows: matrix.columns, columns: matrix.rows)
    for row in 0..<matrix.rows {
      for column in 0..<matrix.columns { result[column, row] = matrix[row, column] }
    }
    return result
  }

  /// Flips rows so that the largest entry in absolute value is positive: eigenvectors have arbitrary signs, frozen
  /// models must not.
  package static func fixSigns(_ matrix: inout Matrix<Double>) {
    for row in 0..<matrix.rows {
      let values = matrix.row(row)
      let largest = values.max { abs($0) < abs($1) } ?? 0
      guard largest < 0 else { continue }
      for column in 0..<matrix.columns { matrix[row, column] = -matrix[row, column] }
    }
  }
}
