import Core
import Foundation
internal import LinearAlgebra

/// Principal component analysis; not whitened.
package struct PCA: Sendable, Codable, Equatable {
  package let mean: FloatArray
  /// components × input dimensions, row-major, each row of length 1.
  package let components: FloatArray
  /// Variance along each component (n − 1 in the denominator).
  package let variances: [Double]

  package var inputDimensions: Int { mean.values.count }
  package var outputDimensions: Int { variances.count }

  /// - Parameters:
  ///   - samples: one row per sample, at least one row.
  ///   - components: how many to keep; fewer when the data has fewer directions.
  package init(fitting samples: Matrix<Float>, components count: Int) {
    let dimensions = samples.columns
    var mean = [Double](repeating: 0, count: dimensions)
    for row in 0..<samples.rows {
      for (column, value) in samples.row(row).enumerated() { mean[column] += Double(value) }
    }
    for column in 0..<dimensions { mean[column] /= Double(samples.rows) }

    let directions = min(samples.rows, dimensions)
    let (values, vectors) =
      directions > Self.fewestToIterate && count < directions / 8
        && samples.values.count <= Self.mostToCentre
      ? Self.fewComponents(samples, mean, count)
      : samples.rows < dimensions
        ? Self.fewSamples(samples, mean) : Self.manySamples(samples, mean)
    let meaningful = values.prefix { $0 > 1e-10 * max(values.first ?? 0, 1e-30) }.count
    let kept = max(1, min(count, meaningful, dimensions))
    self.mean = FloatArray(mean.map { Float($0) })
    self.components = FloatArray(vectors.values.prefix(kept * dimensions).map { Float($0) })
    variances = values.prefix(kept).map { max(0, $0) }
  }

  /// Above this, a full eigendecomposition takes seconds.
  private static let fewestToIterate = 512

  /// Maximum values to hold centred, in double precision: 160 MB.
  private static let mostToCentre = 20_000_000

  /// The leading eigenvalues of the covariance in descending order, and its eigenvectors as rows.
  private static func fewComponents(_ samples: Matrix<Float>, _ mean: [Double], _ count: Int) -> (
    [Double], Matrix<Double>
  ) {
    let centred = centred(samples, 0..<samples.rows, mean)
    let (squares, vectors) = SubspaceIteration.leading(
      rows: samples.rows, columns: samples.columns, count: count, seed: 1,
      times: { LinearAlgebra.product(centred, $0) },
      transposeTimes: { LinearAlgebra.product(centred, $0, transposed: true) })
    return (squares.map { $0 / Double(max(1, samples.rows - 1)) }, vectors)
  }

  /// Eigenvalues of the covariance in descending order, and its eigenvectors as rows.
  private static func manySamples(_ samples: Matrix<Float>, _ mean: [Double]) -> (
    [Double], Matrix<Double>
  ) {
    let dimensions = samples.columns
    var covariance = Matrix<Double>(rows: dimensions, columns: dimensions)
    let chunk = 4096
    for start in stride(from: 0, to: samples.rows, by: chunk) {
      let rows = min(chunk, samples.rows - start)
      let centred = centred(samples, start..<start + rows, mean)
      let part = LinearAlgebra.product(centred, centred, transposed: true)
      for index in covariance.values.indices { covariance.values[index] += part.values[index] }
    }
    let denominator = Double(max(1, samples.rows - 1))
    for index in covariance.values.indices { covariance.values[index] /= denominator }

    var (values, vectors) = LinearAlgebra.symmetricEigen(covariance)
    LinearAlgebra.fixSigns(&vectors)
    return (values, vectors)
  }

  /// The same from the samples' inner products, a smaller matrix.
  private static func fewSamples(_ samples: Matrix<Float>, _ mean: [Double]) -> (
    [Double], Matrix<Double>
  ) {
    let centred = centred(samples, 0..<samples.rows, mean)
    let transposed = LinearAlgebra.transpose(centred)
    let products = LinearAlgebra.product(transposed, transposed, transposed: true)
    let (squares, combinations) = LinearAlgebra.symmetricEigen(products)
    var vectors = LinearAlgebra.product(combinations, centred)
    for row in 0..<vectors.rows {
      let length = max(squares[row], 1e-300).squareRoot()
      for column in 0..<vectors.columns { vectors[row, column] /= length }
    }
    LinearAlgebra.fixSigns(&vectors)
    return (squares.map { $0 / Double(max(1, samples.rows - 1)) }, vectors)
  }

  private static func centred(_ samples: Matrix<Float>, _ rows: Range<Int>, _ mean: [Double])
    -> Matrix<Double>
  {
    var values: [Double] = []
    values.reserveCapacity(rows.count * samples.columns)
    for row in rows {
      for (column, value) in samples.row(row).enumerated() {
        values.append(Double(value) - mean[column])
      }
    }
    return Matrix(rows: rows.count, columns: samples.columns, values: values)
  }

  /// The map onto the components.
  var projection: Projection { Projection(mean: mean, components: components) }

  /// The sample's coordinates, `outputDimensions` values.
  package func project(_ sample: [Float]) -> [Float] { projection(sample) }

  /// The mean squared error per value after projection and reconstruction.
  func reconstructionError(_ samples: Matrix<Float>) -> Double {
    var sum = 0.0
    for row in 0..<samples.rows {
      // The error is what the components don't span.
      for (value, mean) in zip(samples.row(row), mean.values) {
        sum += (Double(value) - Double(mean)) * (Double(value) - Double(mean))
      }
      for coordinate in project(Array(samples.row(row))) {
        sum -= Double(coordinate) * Double(coordinate)
      }
    }
    return max(0, sum) / Double(max(1, samples.rows * samples.columns))
  }
}
