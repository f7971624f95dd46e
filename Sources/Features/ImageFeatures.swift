import Core

/// What is looked at in an image instead of its pixels.
enum ImageFeatures: Sendable, Codable, Equatable {
  case gradients
  case network(ResidualNetwork)

  func callAsFunction(_ grid: [Float], side: Int) -> [Float] {
    switch self {
    case .gradients: OrientedGradients.describe(grid, side: side)
    case .network(let network): network.features(grid)
    }
  }

  /// A row for each image, worked out on all cores.
  func rows(_ images: [GrayImage], gridSide: Int) -> Matrix<Float> {
    let rows = mapInParallel(images) { self(ImageEncoder.grid($0, gridSide), side: gridSide) }
    return Matrix(
      rows: images.count, columns: rows.first?.count ?? 0, values: rows.flatMap { $0 })
  }
}
