import Core

/// Dimensionality reduction: how images and tags become vectors.
enum Reduction: Sendable, Codable, Equatable {
  case pca(PCA)
  case projection(Projection)
  case autoencoder(Autoencoder)
  /// With PCA if its rows are longer than configured.
  case torchScript(TorchScriptEncoder, PCA?)

  var dimensions: Int {
    switch self {
    case .pca(let model): model.outputDimensions
    case .projection(let model): model.outputs
    case .autoencoder(let model): model.dimensions
    case .torchScript(let model, let pca): pca?.outputDimensions ?? model.outputs
    }
  }

  func callAsFunction(_ row: [Float]) throws(FeatureError) -> [Float] {
    switch self {
    case .pca(let model): model.project(row)
    case .projection(let model): model(row)
    case .autoencoder(let model): try model.encode(row)
    case .torchScript(let model, nil): try model.encode(row)
    case .torchScript(let model, let pca?): pca.project(try model.encode(row))
    }
  }
}

/// Settings for fitting a reduction.
package struct ReductionSettings {
  package var method: Configuration.Reduction
  /// Length of the vectors.
  package var components: Int
  package var seed: UInt64
  /// Maximum passes of an autoencoder; `nil`: chosen by the amount of data.
  package var epochs: Int?
  /// File from which an interrupted autoencoder training resumes.
  package var checkpoint: String?
  package var progress: (String) -> Void
  package var cancelled: () -> Bool

  package init(
    _ method: Configuration.Reduction, components: Int, seed: UInt64, epochs: Int? = nil,
    checkpoint: String? = nil, cancelled: @escaping () -> Bool = { false },
    progress: @escaping (String) -> Void = { _ in }
  ) {
    self.method = method
    self.components = components
    self.seed = seed
    self.epochs = epochs
    self.checkpoint = checkpoint
    self.cancelled = cancelled
    self.progress = progress
  }

  func fit(_ rows: Matrix<Float>, groups: [Int], shape: AutoencoderShape) throws -> Reduction {
    switch method {
    case .pca:
      return .pca(PCA(fitting: rows, components: components))
    case .autoencoder:
      let training = AutoencoderTraining(
        shape: shape, bottleneck: components, seed: seed, epochs: epochs, checkpoint: checkpoint,
        progress: progress)
      return .autoencoder(try training.fit(rows, groups: groups, cancelled: cancelled))
    }
  }
}
