import Core
import Foundation
internal import LinearAlgebra

/// Settings for fitting an image encoder.
package struct ImageSettings {
  /// Any but `auto`.
  package var method: Configuration.ImageMethod
  /// Maximum length of the vectors.
  package var components: Int
  /// Side of the model's input, pixels; divides the images' side.
  package var gridSide: Int
  /// Maximum training steps of a semantic network.
  package var steps: Int
  package var vocabulary: Configuration.Vocabulary
  package var seed: UInt64
  /// File from which an interrupted training resumes.
  package var checkpoint: String?
  package var cancelled: () -> Bool
  package var progress: (String) -> Void

  package init(
    _ method: Configuration.ImageMethod, components: Int, gridSide: Int,
    steps: Int = Configuration.Features.defaultImageSteps,
    vocabulary: Configuration.Vocabulary, seed: UInt64, checkpoint: String? = nil,
    cancelled: @escaping () -> Bool = { false }, progress: @escaping (String) -> Void = { _ in }
  ) {
    self.method = method
    self.components = components
    self.gridSide = gridSide
    self.steps = steps
    self.vocabulary = vocabulary
    self.seed = seed
    self.checkpoint = checkpoint
    self.cancelled = cancelled
    self.progress = progress
  }

  fileprivate func reduction(_ method: Configuration.Reduction) -> ReductionSettings {
    ReductionSettings(
      method, components: components, seed: seed, checkpoint: checkpoint, cancelled: cancelled,
      progress: progress)
  }

  /// Maximum number of images: their rows are all in memory.
  fileprivate var mostImages: Int {
    switch method {
    case .pca, .autoencoder: 50_000
    case .auto, .hog, .hogRidge, .semantic: 10_000
    }
  }
}

extension ImageEncoder {
  /// - Throws: `FeatureError` when no network can be trained here.
  package static func checkNetworks() throws(FeatureError) { _ = try Torch.functions() }

  /// - Parameters:
  ///   - units: at least two images in total, all of one side.
  ///   - studies: each unit's study number; a network is never judged on a study that it was fitted on.
  /// - Throws: `FeatureError`, `CancellationError`.
  package init(fitting units: [TrainingUnit], studies: [Int], _ settings: ImageSettings) throws {
    let sample = units.indices.flatMap { unit in
      units[unit].images.map { (unit: unit, image: $0) }
    }.evenlySpread(atMost: settings.mostImages)
    let side = sample.first?.image.side ?? 0
    let gridSide = settings.gridSide
    precondition(sample.count >= 2 && side % gridSide == 0)
    let images = sample.map(\.image)
    func gradients() -> Matrix<Float> { ImageFeatures.gradients.rows(images, gridSide: gridSide) }
    func targets() throws -> ImageTargets {
      try ImageTargets(
        units, studies: studies, vocabulary: settings.vocabulary, seed: settings.seed)
    }
    switch settings.method {
    case .pca, .autoencoder:
      let method: Configuration.Reduction = settings.method == .pca ? .pca : .autoencoder
      self.init(
        side: side, gridSide: gridSide, features: nil,
        reduction: try settings.reduction(method).fit(
          Self.rows(images, gridSide), groups: sample.map { studies[$0.unit] },
          shape: .image(side: gridSide)))
    case .auto, .hog:
      self.init(
        side: side, gridSide: gridSide, features: .gradients,
        reduction: .pca(PCA(fitting: gradients(), components: settings.components)))
    case .hogRidge:
      let rows = gradients()
      let targets = try targets().vectors
      self.init(
        side: side, gridSide: gridSide, features: .gradients,
        reduction: targets.columns > 0
          ? .projection(
            Self.regression(
              rows, units: sample.map(\.unit), studies: studies, targets: targets,
              components: settings.components))
          // No reports and no varying tags: nothing to predict.
          : .pca(PCA(fitting: rows, components: settings.components)))
    case .semantic:
      let features = ImageFeatures.network(
        try Self.network(sample, studies: studies, targets: try targets(), settings))
      self.init(
        side: side, gridSide: gridSide, features: features,
        reduction: .pca(
          PCA(
            fitting: features.rows(images, gridSide: gridSide), components: settings.components)))
    }
  }

  /// A network that predicts a study's report and tags from its pictures.
  private static func network(
    _ sample: [(unit: Int, image: GreyImage)], studies: [Int], targets: ImageTargets,
    _ settings: ImageSettings
  ) throws -> ResidualNetwork {
    let members = Dictionary(grouping: sample) { studies[$0.unit] }.sorted { $0.key < $1.key }
    var training = SemanticTraining(seed: settings.seed)
    training.side = settings.gridSide
    training.steps = settings.steps
    training.checkpoint = settings.checkpoint
    training.progress = settings.progress
    return try training.fit(
      members.map { _, images in
        // Units of one study share its report.
        let unit = images[0].unit
        return SemanticStudy(
          images: images.map { grid($0.image, settings.gridSide) }, terms: targets.terms[unit],
          text: targets.text[unit], tags: targets.tags[unit])
      }, cancelled: settings.cancelled)
  }

  /// Predicts a unit's report and tags from its image features: ridge regression on their leading components, then the
  /// leading components of the predictions.
  ///
  /// - Parameter units: the unit of each row.
  private static func regression(
    _ rows: Matrix<Float>, units: [Int], studies: [Int], targets: Matrix<Double>, components: Int
  ) -> Projection {
    let pca = PCA(fitting: rows, components: 256)
    let members = Dictionary(grouping: 0..<rows.rows) { units[$0] }
      .sorted { $0.key < $1.key }
    let width = pca.outputDimensions
    var inputs = Matrix<Double>(rows: members.count, columns: width)
    var center = [Double](repeating: 0, count: width)
    for (place, (_, images)) in members.enumerated() {
      for image in images {
        for (column, value) in pca.project(Array(rows.row(image))).enumerated() {
          inputs[place, column] += Double(value) / Double(images.count)
        }
      }
      for column in 0..<width { center[column] += inputs[place, column] / Double(members.count) }
    }
    for row in 0..<inputs.rows {
      for column in 0..<width { inputs[row, column] -= center[column] }
    }
    let outputs = Matrix(
      rows: members.count, columns: targets.columns,
      values: members.flatMap { Array(targets.row($0.key)) })
    let ridge = RidgeRegression(inputs, outputs, groups: members.map { studies[$0.key] })
    let predicted = LinearAlgebra.product(inputs, ridge.coefficients)
    let reduced = PCA(
      fitting: Matrix(
        rows: predicted.rows, columns: predicted.columns, values: predicted.values.map { Float($0) }
      ),
      components: components)
    // All three in one map: components of the prediction · coefficients · components of the features.
    let whole = LinearAlgebra.product(
      LinearAlgebra.product(
        doubles(reduced.components, rows: reduced.outputDimensions),
        LinearAlgebra.transpose(ridge.coefficients)),
      doubles(pca.components, rows: width))
    let mean = pca.mean.values.indices.map { column in
      Float(
        (0..<width).reduce(Double(pca.mean.values[column])) {
          $0 + center[$1] * Double(pca.components.values[$1 * pca.inputDimensions + column])
        })
    }
    return Projection(
      mean: FloatArray(mean), components: FloatArray(whole.values.map { Float($0) }))
  }

  private static func doubles(_ array: FloatArray, rows: Int) -> Matrix<Double> {
    Matrix(
      rows: rows, columns: array.values.count / rows, values: array.values.map { Double($0) })
  }
}
