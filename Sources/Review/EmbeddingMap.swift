import Clustering
import Core
import Features
import Store

/// The fused vectors of a sample of units in two dimensions.
struct EmbeddingMap: Sendable {
  /// One way to lay out the units.
  struct Layout: Sendable {
    let name: String
    let x: [Float]
    let y: [Float]
  }

  let units: [MapSample.Unit]
  /// Principal components first.
  private(set) var layouts: [Layout]
  /// What the layout by neighbours needs, until it is made.
  private var vectors: Matrix<Float>?
  /// The centroid of each cluster, projected onto the principal components.
  let centers: [(cluster: Int, x: Float, y: Float)]
  /// Each principal component's share of the total variance.
  let shares: [Double]

  /// The components and the neighbours are fitted on this many units at most; the others are placed among them.
  private static let mostFitted = 4_000

  init(_ sample: MapSample, centers: [CentroidRecord]) {
    units = sample.units
    let vectors = sample.vectors
    self.vectors = vectors
    guard vectors.rows > 0, vectors.columns > 0 else {
      (layouts, self.centers, shares) = ([], [], [])
      return
    }
    let (fitted, _) = Self.fitted(vectors)
    let pca = PCA(fitting: fitted, components: 2)
    let whole = max(Self.variance(fitted), 1e-30)
    shares = pca.variances.map { $0 / whole }
    func project(_ vector: some Collection<Float>) -> (x: Float, y: Float) {
      let coordinates = pca.project(Array(vector))
      return (coordinates[0], coordinates.count > 1 ? coordinates[1] : 0)
    }
    let points = (0..<vectors.rows).map { project(vectors.row($0)) }
    layouts = [Layout(name: "principal components", x: points.map(\.x), y: points.map(\.y))]
    self.centers = centers.map { center in
      let (x, y) = project(center.onlineVector)
      return (center.cluster, x, y)
    }
  }

  /// The rows that are fitted, and their numbers.
  private static func fitted(_ vectors: Matrix<Float>) -> (Matrix<Float>, [Int]) {
    let rows = Array(0..<vectors.rows).evenlySpread(atMost: mostFitted)
    return (
      Matrix(rows: rows.count, columns: vectors.columns, values: rows.flatMap(vectors.row)), rows
    )
  }

  /// Adds the layout by neighbours, which takes much longer than all else.
  mutating func layOutNeighbours() {
    guard let vectors, let components = layouts.first else { return }
    let places = Self.neighbours(
      vectors, zip(components.x, components.y).map { SIMD2($0.0, $0.1) })
    layouts.append(
      Layout(name: "neighbours (t-SNE)", x: places.map(\.x), y: places.map(\.y)))
    self.vectors = nil
  }

  /// Places by t-SNE.
  ///
  /// - Parameter components: every row's place by principal components.
  private static func neighbours(
    _ vectors: Matrix<Float>, _ components: [SIMD2<Float>]
  ) -> [SIMD2<Float>] {
    let (fitted, rows) = fitted(vectors)
    let layout = neighbourLayout(fitted, initial: rows.map { components[$0] }, seed: 1)
    var all = [SIMD2<Float>?](repeating: nil, count: vectors.rows)
    for (row, place) in zip(rows, layout) { all[row] = place }
    let others = all.indices.filter { all[$0] == nil }
    guard !others.isEmpty else { return layout }
    let found = places(
      of: Matrix(
        rows: others.count, columns: vectors.columns, values: others.flatMap(vectors.row)),
      among: fitted, layout: layout)
    for (row, place) in zip(others, found) { all[row] = place }
    return all.compactMap { $0 }
  }

  /// The sum of the columns' variances.
  private static func variance(_ samples: Matrix<Float>) -> Double {
    var (sums, squares) = (
      [Double](repeating: 0, count: samples.columns), [Double](repeating: 0, count: samples.columns)
    )
    for row in 0..<samples.rows {
      for (column, value) in samples.row(row).enumerated() {
        sums[column] += Double(value)
        squares[column] += Double(value) * Double(value)
      }
    }
    let count = Double(samples.rows)
    return zip(sums, squares).reduce(0) { $0 + $1.1 - $1.0 * $1.0 / count } / max(1, count - 1)
  }
}
