import Core
import Foundation

/// Images averaged down to a small grid, then PCA or a convolutional autoencoder.
public struct ImageEncoder: Sendable, Codable, Equatable {
  /// Side of the images that it takes; a multiple of `gridSide`.
  public let side: Int
  /// Side of what the model looks at.
  public let gridSide: Int
  private let reduction: Reduction

  public var dimensions: Int { reduction.dimensions }

  /// - Parameters:
  ///   - images: at least two, all of one side.
  ///   - studies: of each image, a number; an autoencoder is never judged on a study that it was fitted on.
  ///   - gridSide: divides the images' side.
  /// - Throws: `FeatureError`, `CancellationError`.
  public init(
    fitting images: [GrayImage], studies: [Int], gridSide: Int, _ settings: ReductionSettings
  ) throws {
    side = images.first?.side ?? 0
    self.gridSide = gridSide
    reduction = try settings.fit(
      Self.rows(images, gridSide), groups: studies, shape: .image(side: gridSide))
  }

  /// An encoder that the site brings along.
  ///
  /// - Parameters:
  ///   - images: of its side; PCA is fitted on them when its rows are longer than `components`.
  ///   - progress: told how many images were encoded.
  /// - Throws: `FeatureError` when libtorch fails.
  public init(
    importing encoder: TorchScriptEncoder, fitting images: [GrayImage], components: Int,
    progress: (String) -> Void = { _ in }
  ) throws(FeatureError) {
    side = encoder.side
    gridSide = encoder.side
    guard encoder.outputs > components, !images.isEmpty else {
      reduction = .torchScript(encoder, nil)
      return
    }
    var rows = Matrix<Float>(rows: images.count, columns: encoder.outputs)
    for (index, image) in images.enumerated() {
      let row = try encoder.encode(Self.grid(image, encoder.side))
      rows.values.replaceSubrange(index * row.count..<(index + 1) * row.count, with: row)
      progress("\(index + 1) of \(images.count) images")
    }
    reduction = .torchScript(encoder, PCA(fitting: rows, components: components))
  }

  /// The program of an imported encoder, which a bundle keeps as a file of its own.
  var program: Data? {
    if case .torchScript(let encoder, _) = reduction { encoder.program } else { nil }
  }

  /// - Throws: `FeatureError` when libtorch fails.
  public func encode(_ image: GrayImage) throws(FeatureError) -> [Float] {
    precondition(image.side == side)
    return try reduction(Self.grid(image, gridSide))
  }

  private static func rows(_ images: [GrayImage], _ gridSide: Int) -> Matrix<Float> {
    var values: [Float] = []
    values.reserveCapacity(images.count * gridSide * gridSide)
    for image in images { values.append(contentsOf: grid(image, gridSide)) }
    return Matrix(rows: images.count, columns: gridSide * gridSide, values: values)
  }

  /// Area averages, 0…1.
  private static func grid(_ image: GrayImage, _ gridSide: Int) -> [Float] {
    let step = image.side / gridSide
    let scale = 1 / Float(255 * step * step)
    var line = [UInt32](repeating: 0, count: image.side)
    return image.pixels.withUnsafeBufferPointer { pixels in
      line.withUnsafeMutableBufferPointer { line in
        [Float](unsafeUninitializedCapacity: gridSide * gridSide) { grid, filled in
          for row in 0..<gridSide {
            // Rows first: their sum runs over neighbours in memory.
            line.update(repeating: 0)
            for source in row * step..<(row + 1) * step {
              let start = source &* line.count
              for column in line.indices { line[column] &+= UInt32(pixels[start &+ column]) }
            }
            for column in 0..<gridSide {
              let sum = line.sum(of: column &* step..<(column &+ 1) &* step)
              grid.initializeElement(at: row &* gridSide &+ column, to: Float(sum) * scale)
            }
          }
          filled = gridSide * gridSide
        }
      }
    }
  }
}

extension ImageEncoder {
  /// The mean squared error of a grid value after encoding and decoding.
  ///
  /// - Throws: `FeatureError` when libtorch fails, and for an imported encoder, which has no decoder.
  public func reconstructionError(_ images: [GrayImage]) throws -> Double {
    let rows = Self.rows(images, gridSide)
    switch reduction {
    case .pca(let model): return model.reconstructionError(rows)
    case .autoencoder(let model): return try model.error(rows, threads: 1)
    case .torchScript: throw FeatureError("an imported encoder has no decoder")
    }
  }
}
