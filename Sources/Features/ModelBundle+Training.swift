import Core

/// The training data of one unit.
package struct TrainingUnit: Sendable {
  /// Units of one study are held out together.
  package var study: String
  /// Words from only one patient's reports stay out of vocabularies.
  package var patient: String
  package var images: [GreyImage]
  package var tags: TagValues
  package var text: Redacted<String>?
  package var names: Redacted<[String]>
  /// SHA-256 of its files, for the corpus digest.
  package var digests: [String]

  package init(
    study: String, patient: String, images: [GreyImage], tags: TagValues, text: Redacted<String>?,
    names: Redacted<[String]>,
    digests: [String]
  ) {
    self.study = study
    self.patient = patient
    self.images = images
    self.tags = tags
    self.text = text
    self.names = names
    self.digests = digests
  }

  /// What a text encoder learns from it.
  package func trainingText(_ text: Redacted<String>) -> TrainingText {
    TrainingText(text: text.revealed, names: names.revealed, patient: patient)
  }
}

extension ModelBundle {
  /// Trains every extractor on the units' own data and freezes them.
  ///
  /// - Parameters:
  ///   - selection: why these features were chosen, for the manifest.
  ///   - given: an image encoder and the name of its method, used instead of the configured one.
  ///   - checkpoints: folder for the checkpoints of an interrupted training.
  ///   - view: clusters a block's vectors, for fusions that use its centroids.
  ///   - progress: receives what is being trained.
  /// - Throws: `FeatureError` when there is nothing to learn from, `CancellationError`.
  package static func train(
    _ units: [TrainingUnit], features: Configuration.Features, seed: UInt64, software: String,
    selection: String? = nil, image given: (encoder: ImageEncoder, method: String)? = nil,
    checkpoints: String? = nil,
    view: ([[Float]]) throws -> CentroidView? = { _ in nil },
    cancelled: @escaping () -> Bool = { false }, progress: @escaping (String) -> Void = { _ in }
  ) throws -> ModelBundle {
    guard units.count >= 2 else {
      throw FeatureError("training needs at least 2 units, there are \(units.count)")
    }
    func settings(_ source: String, _ method: Configuration.Reduction, _ components: Int)
      -> ReductionSettings
    {
      ReductionSettings(
        method, components: components, seed: seed,
        checkpoint: checkpoints.map { "\($0)/\(source).checkpoint" }, cancelled: cancelled
      ) { progress("\(source): \($0)") }
    }
    let studies = studyNumbers(units)
    let images = units.reduce(0) { $0 + $1.images.count }
    let imageMethod = given?.method ?? features.image.atFirst.rawValue
    progress("images: \(imageMethod) on \(images) images")
    let image: ImageEncoder? =
      if let given {
        given.encoder
      } else if images >= 2 {
        try ImageEncoder(
          fitting: units, studies: studies,
          ImageSettings(
            features.image.atFirst, components: features.imageComponents,
            gridSide: features.gridSide, steps: features.imageSteps,
            vocabulary: features.vocabulary, seed: seed,
            checkpoint: checkpoints.map { "\($0)/images.checkpoint" }, cancelled: cancelled
          ) { progress("images: \($0)") })
      } else {
        nil
      }
    progress("tags: \(features.tags) on \(units.count) units")
    let tags = try TagEncoder(
      fitting: units.map(\.tags), studies: studies, leaking: features.leakingTags,
      settings("tags", features.tags, features.tagComponents))
    let texts = units.compactMap { unit in unit.text.map { unit.trainingText($0) } }
    progress("text: \(features.text.rawValue) on \(texts.count) reports")
    let text = try TextEncoder(
      fitting: texts, method: features.text, components: features.textComponents,
      vocabulary: features.vocabulary, seed: seed, refusing: units.flatMap(\.names.revealed))
    if text == nil, !texts.isEmpty {
      Log.warning(
        "no text block: of \(texts.count) reports, fewer than 5 terms occur with at least "
          + "\(features.vocabulary.minimumPatients) patients (features.minimum_patients)")
    }
    guard image != nil || tags != nil || text != nil else {
      throw FeatureError("the training units have no images, no usable tags and no texts")
    }

    let counter = try text?.makeCounter()
    let pictured = try mapInParallel(units) { try image?.encode(unit: $0.images) }
    let vectors = try zip(units, pictured).map { unit, picture -> [[Float]?] in
      let terms = unit.text.map { text in
        counter?.terms(text.revealed, without: unit.names.revealed) ?? [:]
      }
      return [
        picture,
        try tags?.encode(unit.tags),
        terms.flatMap { text?.encode($0) },
      ]
    }
    let views = try Block.allCases.map { block in
      try view(vectors.compactMap { $0[block.rawValue] })
    }
    let fusion = Fusion(
      fitting: vectors,
      lengths: [image?.dimensions ?? 0, tags?.dimensions ?? 0, text?.dimensions ?? 0],
      weights: features.weights, views: views)
    var digest = SHA256Digest()
    for line in units.flatMap(\.digests).sorted() {
      Array(line.utf8).withUnsafeBytes { digest.update($0) }
    }
    return try ModelBundle(
      manifest: Manifest(
        software: software, corpusDigest: digest.finish(), trainingUnits: units.count,
        trainingImages: images, trainingTexts: texts.count, seed: seed,
        imageSide: image?.side ?? 0, leakingTags: features.leakingTags,
        language: features.vocabulary.language,
        extractors: [
          "image": imageMethod, "tags": features.tags.rawValue,
          "text": features.text.rawValue, "fusion": features.fusion.rawValue,
        ], selection: selection,
        layout: fusion.layout),
      image: image, tags: tags, text: text, fusion: fusion)
  }

  /// Each unit's study number, in order of first appearance.
  package static func studyNumbers(_ units: [TrainingUnit]) -> [Int] {
    var numbers: [String: Int] = [:]
    return units.map { unit in
      let number = numbers[unit.study] ?? numbers.count
      numbers[unit.study] = number
      return number
    }
  }

  /// The mean of a unit's image vectors; `nil` without any.
  package static func mean(_ vectors: [[Float]]) -> [Float]? {
    guard let first = vectors.first else { return nil }
    return first.indices.map { index in
      Float(vectors.reduce(0.0) { $0 + Double($1[index]) } / Double(vectors.count))
    }
  }
}
