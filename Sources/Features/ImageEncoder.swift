import Core
import Foundation

/// Averages images down to a small grid and reduces its pixels, or features computed from them, to short vectors.
package struct ImageEncoder: Sendable, Codable, Equatable {
  /// Side of the input images, pixels; a multiple of `gridSide`.
  package let side: Int
  /// Side of the grid that the model sees.
  package let gridSide: Int
  /// Features to reduce; `nil` for the pixels themselves.
  private let features: ImageFeatures?
  private let reduction: Reduction

  package var dimensions: Int { reduction.dimensions }

  /// - Parameter gridSide: divides `side`.
  init(side: Int, gridSide: Int, features: ImageFeatures?, reduction: Reduction) {
    self.side = side
    self.gridSide = gridSide
    self.features = features
    self.reduction = reduction
  }

  /// An encoder that the site supplies.
  ///
  /// - Parameters:
  ///   - images: of the encoder's side; PCA is fitted on them if its rows are longer than `components`.
  ///   - progress: receives the number of images encoded so far.
  /// - Throws: `FeatureError` when libtorch fails.
  package init(
    importing encoder: TorchScriptEncoder, fitting images: [GreyImage], components: Int,
    progress: (String) -> Void = { _ in }
  ) throws(FeatureError) {
    side = encoder.side
    gridSide = encoder.side
    features = nil
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

  /// The program of an imported encoder, which a bundle keeps in a separate file.
  var program: Data? {
    if case .torchScript(let encoder, _) = reduction { encoder.program } else { nil }
  }

  /// - Parameter image: `side` × `side`.
  /// - Returns: `dimensions` values.
  /// - Throws: `FeatureError` when libtorch fails.
  package func encode(_ image: GreyImage) throws(FeatureError) -> [Float] {
    precondition(image.side == side)
    let grid = Self.grid(image, gridSide)
    return try reduction(features?(grid, side: gridSide) ?? grid)
  }

  /// A unit's vector from the mean over its images. Vectors of features are scaled to length 1, because only their
  /// direction shows the content.
  package func unitVector(_ mean: [Float]) -> [Float] {
    guard features != nil else { return mean }
    let length = mean.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    return length > 1e-12 ? mean.map { Float(Double($0) / length) } : mean
  }

  /// The vector of a unit.
  ///
  /// - Returns: `nil` without images.
  /// - Throws: `FeatureError` when libtorch fails.
  package func encode(unit images: [GreyImage]) throws(FeatureError) -> [Float]? {
    var vectors: [[Float]] = []
    for image in images { vectors.append(try encode(image)) }
    return ModelBundle.mean(vectors).map(unitVector)
  }

  /// Area averages, 0…1: images × `gridSide`².
  static func rows(_ images: [GreyImage], _ gridSide: Int) -> Matrix<Float> {
    var values: [Float] = []
    values.reserveCapacity(images.count * gridSide * gridSide)
    for image in images { values.append(contentsOf: grid(image, gridSide)) }
    return Matrix(rows: images.count, columns: gridSide * gridSide, values: values)
  }

  /// Area averages, 0…1: `gridSide` × `gridSide`.
  static func grid(_ image: GreyImage, _ gridSide: Int) -> [Float] {
    let step = image.side / gridSide
    let scale = 1 / Float(255 * step * step)
    var line = [UInt32](repeating: 0, count: image.side)
    return image.pixels.withUnsafeBufferPointer { pixels in
      line.withUnsafeMutableBufferPointer { line in
        [Float](unsafeUninitializedCapacity: gridSide * gridSide) { grid, filled in
          for row in 0..<gridSide {
            // Rows first: their sum reads neighbouring memory.
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
  /// The mean squared error per grid value after encoding and decoding.
  ///
  /// - Throws: `FeatureError` when libtorch fails or the encoder has no decoder.
  package func reconstructionError(_ images: [GreyImage]) throws -> Double {
    guard features == nil else { throw FeatureError("only pixels can be reconstructed") }
    let rows = Self.rows(images, gridSide)
    switch reduction {
    case .pca(let model): return model.reconstructionError(rows)
    case .autoencoder(let model): return try model.error(rows, threads: 1)
    case .projection, .torchScript:
      throw FeatureError("only PCA and an autoencoder of pixels can be undone")
    }
  }
}
