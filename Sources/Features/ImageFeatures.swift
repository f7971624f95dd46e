import Core

/// What is looked at in an image instead of its pixels.
enum ImageFeatures: Sendable, Codable, Equatable {
  case gradients

  func callAsFunction(_ grid: [Float], side: Int) -> [Float] {
    switch self {
    case .gradients: OrientedGradients.describe(grid, side: side)

    }
  }
}
