import Core
import Features
import Foundation

/// Trains the semantic image encoder on an archive and compares it with the one in force, on studies that neither was
/// trained on. The new encoder replaces the old one only if it is better by more than two standard errors.
package struct EncoderTrial: Sendable {
  /// Minimum number of studies to train a network on.
  package static let fewestStudies = 300
  /// Factor by which the archive must grow before training again is worthwhile.
  package static let growth = 4
  /// Maximum number of studies in the sample.
  package static let mostStudies = 5_000
  package static let mostUnits = 20_000

  package struct Outcome: Sendable {
    /// A bundle with the new encoder; `nil` if that is not better.
    package var bundle: ModelBundle?
    package var figures: JSON
  }

  package let configuration: Configuration
  package let current: ModelBundle
  /// Marks the studies that the new bundle was trained on.
  package let keys: Keys?

  /// Whether a study is held out from training. Every trial holds out the same studies, so an encoder from an earlier
  /// trial wasn't trained on them either.
  package static func isJudged(study: String) -> Bool {
    SHA256Digest.hexadecimal(Data(study.utf8)).utf8.first.map { $0 < UInt8(ascii: "3") } ?? false
  }

  /// - Parameters:
  ///   - units: a sample of the archive.
  ///   - checkpoint: path of the file from which an interrupted training resumes.
  /// - Throws: `FeatureError` when there are too few studies with images, `CancellationError`.
  package func run(
    _ units: [TrainingUnit], checkpoint: String, cancelled: @escaping () -> Bool,
    progress: @escaping (String) -> Void
  ) throws -> Outcome {
    let pictured = units.filter { !$0.images.isEmpty }
    let count = Set(pictured.map(\.study)).count
    guard count >= Self.fewestStudies else {
      throw FeatureError(
        "\(count) studies with images are still in the input folder, \(Self.fewestStudies) are needed"
      )
    }
    let (features, seed) = (configuration.features, configuration.clustering.seed)
    let fitted = units.filter { !Self.isJudged(study: $0.study) }
    let encoder = try ImageEncoder(
      fitting: fitted, studies: ModelBundle.studyNumbers(fitted),
      ImageSettings(
        .semantic, components: features.imageComponents,
        gridSide: features.gridSide(of: .semantic), steps: features.imageSteps,
        vocabulary: features.vocabulary, seed: seed, checkpoint: checkpoint, cancelled: cancelled,
        progress: progress))
    progress("comparing with the encoder in force")
    return try compare(encoder, on: units, cancelled: cancelled, progress: progress)
  }

  /// - Parameter encoder: fitted without the held-out studies.
  /// - Throws: `FeatureError`, for one when the bundle in force has no image encoder.
  package func compare(
    _ encoder: ImageEncoder, on units: [TrainingUnit], cancelled: @escaping () -> Bool = { false },
    progress: @escaping (String) -> Void = { _ in }
  ) throws -> Outcome {
    let (features, seed) = (configuration.features, configuration.clustering.seed)
    let studies = ModelBundle.studyNumbers(units)
    let judged = units.indices.filter {
      !units[$0].images.isEmpty && Self.isJudged(study: units[$0].study)
    }
    let targets = try ImageTargets(
      units, studies: studies, vocabulary: features.vocabulary, seed: seed)
    func agreement(_ encoder: ImageEncoder) throws -> NeighbourAgreement {
      NeighbourAgreement(
        try mapInParallel(units) { try encoder.encode(unit: $0.images) }, studies: studies,
        judged: judged, targets: targets)
    }
    guard let old = try current.image.map(agreement) else {
      throw FeatureError("the bundle in force has no image encoder")
    }
    let new = try agreement(encoder)
    let comparison = PairedComparison(new.scores, old.scores)
    let figures: JSON = [
      "studies": .int(Set(studies).count), "judged": .int(comparison.count),
      "in_force": .optional(current.manifest.extractors["image"]),
      "text_agreement": .figure(NeighbourAgreement.mean(new.text)),
      "tag_agreement": .figure(NeighbourAgreement.mean(new.tags)),
      "text_agreement_in_force": .figure(NeighbourAgreement.mean(old.text)),
      "tag_agreement_in_force": .figure(NeighbourAgreement.mean(old.tags)),
      "gain": .figure(comparison.mean), "gain_error": .figure(comparison.error),
    ]
    guard comparison.isGain else { return Outcome(bundle: nil, figures: figures) }
    let words = String(
      format:
        "semantic instead of %@: on %d studies not used in training, the neighbours' reports and tags agree better by "
        + "%.3f ± %.3f",
      current.manifest.extractors["image"] ?? "none", comparison.count, comparison.mean,
      comparison.error)
    let bundle = try ModelBundle.train(
      units, configuration: configuration, selection: words, image: (encoder, "semantic"),
      cancelled: cancelled, progress: progress)
    return Outcome(bundle: bundle, figures: figures)
  }

  package init(configuration: Configuration, current: ModelBundle, keys: Keys? = nil) {
    self.configuration = configuration
    self.current = current
    self.keys = keys
  }
}

/// The mean of differences between pairs, with its standard error.
package struct PairedComparison {
  package let count: Int
  package let mean: Double
  package let error: Double

  package init(_ new: [Double?], _ old: [Double?]) {
    let differences = zip(new, old).compactMap { new, old in
      new.flatMap { new in old.map { new - $0 } }
    }
    count = differences.count
    let mean = differences.reduce(0, +) / Double(max(1, count))
    let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    error = (squares / Double(max(1, count - 1)) / Double(max(1, count))).squareRoot()
  }

  /// Whether the mean exceeds two standard errors, with at least 30 pairs.
  package var isGain: Bool { count >= 30 && mean > 2 * error }
}
