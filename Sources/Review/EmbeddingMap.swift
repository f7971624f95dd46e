import Core
import Features
import Store

/// The fused vectors of a sample of units, projected onto their first two principal components.
struct EmbeddingMap: Sendable {
  struct Point: Sendable {
    var x: Float
    var y: Float
    var modality: String
  }

  let points: [Point]
  /// The projected centroid of each cluster.
  let centers: [(cluster: Int, x: Float, y: Float)]
  /// Each axis's share of the total variance.
  let shares: [Double]

  init(_ units: [UnitRecord], centers: [CentroidRecord]) {
    guard let columns = units.first?.embedding.values.count, columns > 0 else {
      (points, self.centers, shares) = ([], [], [])
      return
    }
    let samples = Matrix<Float>(
      rows: units.count, columns: columns, values: units.flatMap(\.embedding.values))
    // All components: the shares need the total variance.
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
