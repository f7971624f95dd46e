import Core

/// Features computed from an image in place of its pixels.
enum ImageFeatures: Sendable, Codable, Equatable {
  case gradients
  case network(ResidualNetwork)

  func callAsFunction(_ grid: [Float], side: Int) -> [Float] {
    switch self {
    case .gradients: OrientedGradients.describe(grid, side: side)
    case .network(let network): network.features(grid)
    }
  }

  /// One row per image, computed on all cores.
  func rows(_ images: [GreyImage], gridSide: Int) -> Matrix<Float> {
    let rows = mapInParallel(images) { self(ImageEncoder.grid($0, gridSide), side: gridSide) }
    return Matrix(
      rows: images.count, columns: rows.first?.count ?? 0, values: rows.flatMap { $0 })
  }
}
