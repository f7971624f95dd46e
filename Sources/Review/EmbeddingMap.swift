import Core
import Features
import Store

/// The fused vectors of some units in two dimensions: their first two principal components.
struct EmbeddingMap: Sendable {
  struct Point: Sendable {
    var x: Float
    var y: Float
    var modality: String
  }

  let points: [Point]
  /// Where each cluster's centre lies.
  let centers: [(cluster: Int, x: Float, y: Float)]
  /// Share of the variance that each axis shows.
  let shares: [Double]

  init(_ units: [UnitRecord], centers: [CentroidRecord]) {
    guard let columns = units.first?.embedding.values.count, columns > 0 else {
      (points, self.centers, shares) = ([], [], [])
      return
    }
    let samples = Matrix<Float>(
      rows: units.count, columns: columns, values: units.flatMap(\.embedding.values))
    // All of them, because the shares are of the whole variance.
    let pca = PCA(fitting: samples, components: columns)
    let whole = max(pca.variances.reduce(0, +), 1e-30)
    shares = pca.variances.prefix(2).map { $0 / whole }
    func project(_ vector: [Float]) -> (x: Float, y: Float) {
      let coordinates = pca.project(vector)
      return (coordinates[0], coordinates.count > 1 ? coordinates[1] : 0)
    }
    points = units.map { unit in
      let (x, y) = project(unit.embedding.values)
      return Point(x: x, y: y, modality: unit.modality ?? Mix.unknown)
    }
    self.centers = centers.map { center in
      let (x, y) = project(center.onlineVector)
      return (center.cluster, x, y)
    }
  }
}
