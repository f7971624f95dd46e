import Core

/// PCA on images averaged down to 32 × 32.
public struct ImageEncoder: Sendable, Codable, Equatable {
  static let gridSide = 32

  /// Side of the images that it takes; a multiple of 32.
  public let side: Int
  private let pca: PCA

  public var dimensions: Int { pca.outputDimensions }

  /// - Parameter images: at least two, all of one side.
  public init(fitting images: [GrayImage], components: Int) {
    side = images.first?.side ?? 0
    let size = Self.gridSide * Self.gridSide
    pca = PCA(
      fitting: Matrix(
        rows: images.count, columns: size, values: images.flatMap { Self.grid($0) }),
      components: components)
  }

  public func encode(_ image: GrayImage) -> [Float] {
    precondition(image.side == side)
    return pca.project(Self.grid(image))
  }

  /// Area averages, 0…1.
  private static func grid(_ image: GrayImage) -> [Float] {
    let step = image.side / gridSide
    var sums = [Int](repeating: 0, count: gridSide * gridSide)
    for row in 0..<image.side {
      for column in 0..<image.side {
        sums[row / step * gridSide + column / step] += Int(image.pixels[row * image.side + column])
      }
    }
    let scale = 1 / Float(255 * step * step)
    return sums.map { Float($0) * scale }
  }
}
