internal import CBLAS
import Core
internal import LinearAlgebra

/// The leading principal components of fused vectors. Clusters differ along them; the other directions are mostly
/// noise within one block. A vector that lacks a block is first completed with what its other blocks predict under
/// probabilistic PCA (Tipping and Bishop 1999), so that it lands near similar ones.
struct LeadingComponents: Sendable {
  let count: Int
  private let dimensions: Int
  /// By dimension, over the points that have its block.
  private let mean: [Double]
  /// `count` × dimensions, each row of length 1.
  private let directions: Matrix<Double>
  /// By mask.
  private let maps: [Map]

  /// From a vector to its coordinates.
  private struct Map: Sendable {
    /// `count` × dimensions, zero in the columns of missing blocks.
    let matrix: [Float]
    let offset: [Float]
  }

  /// Points for estimating the covariance; far more than it has directions.
  private static let sampleSize = 65_536

  /// - Parameter wanted: how many components to keep.
  /// - Returns: `nil` if the points have no more directions than that.
  init?(_ points: Points, count wanted: Int) {
    dimensions = points.dimensions
    guard wanted < dimensions, wanted < points.count else { return nil }
    let (mean, covariance) = Self.moments(points)
    let (values, vectors) = LinearAlgebra.symmetricEigen(covariance)
    let largest = values.first ?? 0
    guard wanted < values.prefix(while: { $0 > 1e-9 * largest }).count else { return nil }
    count = wanted
    self.mean = mean
    directions = Matrix(
      rows: count, columns: dimensions, values: Array(vectors.values.prefix(count * dimensions)))
    let rest = values[count...].reduce(0) { $0 + max(0, $1) } / Double(dimensions - count)
    let noise = max(rest, 1e-6 * largest)
    let loadings = values[..<count].map { max(0, $0 - noise).squareRoot() }
    maps = (0..<CentroidTable.masks).map { [directions] mask in
      Self.map(
        directions, mean, loadings, noise: noise,
        isPresent: points.layout.presence(BlockMask(rawValue: mask)))
    }
  }

  /// Mean and covariance, each entry over the points that have its blocks.
  private static func moments(_ points: Points) -> (mean: [Double], covariance: Matrix<Double>) {
    let size = min(points.count, sampleSize)
    let rows = (0..<size).map { $0 * points.count / size }
    let (layout, dimensions) = (points.layout, points.dimensions)
    var together = [[Double]](repeating: [0, 0, 0], count: Block.allCases.count)
    var mean = [Double](repeating: 0, count: dimensions)
    for row in rows {
      let blocks = Block.allCases.filter { points.masks[row].contains($0) }
      for one in blocks { for other in blocks { together[one.rawValue][other.rawValue] += 1 } }
      for dimension in 0..<dimensions {
        mean[dimension] += Double(points.values[row * dimensions + dimension])
      }
    }
    let block = Block.allCases.flatMap { block in
      [Int](repeating: block.rawValue, count: layout.lengths[block.rawValue])
    }
    for dimension in 0..<dimensions {
      mean[dimension] /= max(1, together[block[dimension]][block[dimension]])
    }
    var covariance = Matrix<Double>(rows: dimensions, columns: dimensions)
    for part in chunks(size, of: 4096) {
      var centred = Matrix<Double>(rows: part.count, columns: dimensions)
      for (index, row) in rows[part].enumerated() {
        for block in Block.allCases where points.masks[row].contains(block) {
          for dimension in layout.range(of: block) {
            centred[index, dimension] =
              Double(points.values[row * dimensions + dimension]) - mean[dimension]
          }
        }
      }
      let products = LinearAlgebra.product(centred, centred, transposed: true)
      for index in products.values.indices { covariance.values[index] += products.values[index] }
    }
    for row in 0..<dimensions {
      for column in 0..<dimensions {
        covariance[row, column] /= max(1, together[block[row]][block[column]])
      }
    }
    return (mean, covariance)
  }

  private static func map(
    _ directions: Matrix<Double>, _ mean: [Double], _ loadings: [Double], noise: Double,
    isPresent: [Bool]
  ) -> Map {
    /// The directions restricted to the present dimensions, or to the others.
    func part(_ wanted: Bool, scaledBy scales: [Double]? = nil) -> Matrix<Double> {
      var part = directions
      for row in 0..<part.rows {
        for column in 0..<part.columns {
          part[row, column] =
            isPresent[column] == wanted ? part[row, column] * (scales?[row] ?? 1) : 0
        }
      }
      return part
    }
    let present = part(true, scaledBy: loadings)
    var precision = LinearAlgebra.product(present, LinearAlgebra.transpose(present))
    for row in 0..<precision.rows { precision[row, row] += noise }
    let latent = LinearAlgebra.solve(precision, present)
    let predicted = LinearAlgebra.product(
      LinearAlgebra.transpose(part(false, scaledBy: loadings)), latent)
    let added = LinearAlgebra.product(part(false), predicted)
    let whole = zip(part(true).values, added.values).map { $0 + $1 }
    let matrix = Matrix(rows: directions.rows, columns: directions.columns, values: whole)
    return Map(
      matrix: whole.map { Float($0) },
      offset: (0..<matrix.rows).map { row in
        Float(-zip(matrix.row(row), mean).reduce(0) { $0 + $1.0 * $1.1 })
      })
  }

  /// Coordinates along the components: one block of `count` values per point.
  func project(_ points: Points) -> Points {
    let coordinates = SharedArray<Float>(repeating: 0, count: points.count * count)
    let parts = chunks(points.count, of: 4096)
    inParallel(parts.count) { part in
      let byMask = Dictionary(grouping: parts[part]) { points.masks[$0].rawValue }
      for (mask, rows) in byMask { project(points, rows, maps[mask], into: coordinates) }
    }
    return Points(
      layout: BlockLayout(lengths: [count, 0, 0], weights: [1, 0, 0]), values: coordinates.array,
      masks: [BlockMask](repeating: BlockMask(.image), count: points.count))
  }

  private func project(
    _ points: Points, _ rows: [Int], _ map: Map, into coordinates: SharedArray<Float>
  ) {
    var gathered: [Float] = []
    gathered.reserveCapacity(rows.count * dimensions)
    var projected: [Float] = []
    projected.reserveCapacity(rows.count * count)
    for row in rows {
      gathered.append(contentsOf: points.values[row * dimensions..<(row + 1) * dimensions])
      projected.append(contentsOf: map.offset)
    }
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows.count), Int32(count), Int32(dimensions),
      1, gathered, Int32(dimensions), map.matrix, Int32(dimensions), 1, &projected, Int32(count))
    for (index, row) in rows.enumerated() {
      for column in 0..<count {
        coordinates[row * count + column] = projected[index * count + column]
      }
    }
  }

  func project(_ centroids: Centroids) -> Centroids {
    let rows = Points(
      layout: centroids.layout, values: centroids.values,
      masks: [BlockMask](repeating: .all, count: centroids.k))
    let projected = project(rows)
    return Centroids(
      layout: projected.layout, k: centroids.k, values: projected.values,
      weights: centroids.weights)
  }

  /// The vectors that have these coordinates, `k` × dimensions.
  func lift(_ centroids: Centroids) -> [Float] {
    let coordinates = Matrix(
      rows: centroids.k, columns: count, values: centroids.values.map { Double($0) })
    let lifted = LinearAlgebra.product(coordinates, directions)
    return lifted.values.indices.map { Float(lifted.values[$0] + mean[$0 % dimensions]) }
  }
}

extension BlockLayout {
  /// By dimension: whether its block is present.
  fileprivate func presence(_ mask: BlockMask) -> [Bool] {
    Block.allCases.flatMap { [Bool](repeating: mask.contains($0), count: lengths[$0.rawValue]) }
  }
}
