import Core

/// What one unit gives to training.
public struct TrainingUnit: Sendable {
  public var images: [GrayImage]
  public var tags: TagValues
  public var text: Redacted<String>?
  public var names: Redacted<[String]>
  /// SHA-256 of its files, for the corpus digest.
  public var digests: [String]

  public init(
    images: [GrayImage], tags: TagValues, text: Redacted<String>?, names: Redacted<[String]>,
    digests: [String]
  ) {
    self.images = images
    self.tags = tags
    self.text = text
    self.names = names
    self.digests = digests
  }
}

extension ModelBundle {
  /// Trains every extractor on the units' own data and freezes them.
  ///
  /// - Parameter progress: told what is being trained.
  /// - Throws: `FeatureError` when the units give nothing to learn from.
  public static func train(
    _ units: [TrainingUnit], features: Configuration.Features, seed: UInt64, software: String,
    progress: (String) -> Void = { _ in }
  ) throws -> ModelBundle {
    guard units.count >= 2 else {
      throw FeatureError("training needs at least 2 units, there are \(units.count)")
    }
    let images = sample(units.flatMap(\.images), atMost: 50_000)
    progress("images: PCA on \(images.count) images")
    let image =
      images.count >= 2
      ? ImageEncoder(fitting: images, components: features.imageComponents) : nil
    progress("tags: PCA on \(units.count) units")
    let tags = TagEncoder(
      fitting: units.map(\.tags), components: features.tagComponents, leaking: features.leakingTags)
    let texts = units.compactMap { unit in
      unit.text.map { (text: $0.revealed, names: unit.names.revealed) }
    }
    progress("text: \(features.text.rawValue) on \(texts.count) reports")
    let text = try TextEncoder(
      fitting: texts, method: features.text, components: features.textComponents,
      language: features.language, seed: seed)
    guard image != nil || tags != nil || text != nil else {
      throw FeatureError("the training units have no images, no usable tags and no texts")
    }

    let counter = try text?.makeCounter()
    let vectors = units.map { unit -> [[Float]?] in
      let terms = unit.text.map { text in
        counter?.terms(text.revealed, without: unit.names.revealed) ?? [:]
      }
      return [
        image.flatMap { encoder in ModelBundle.mean(unit.images.map { encoder.encode($0) }) },
        tags?.encode(unit.tags),
        terms.flatMap { text?.encode($0) },
      ]
    }
    let fusion = Fusion(
      fitting: vectors,
      lengths: [image?.dimensions ?? 0, tags?.dimensions ?? 0, text?.dimensions ?? 0],
      weights: features.weights)
    var digest = SHA256Digest()
    for line in units.flatMap(\.digests).sorted() {
      Array(line.utf8).withUnsafeBytes { digest.update($0) }
    }
    return try ModelBundle(
      manifest: Manifest(
        software: software, corpusDigest: digest.finish(), trainingUnits: units.count,
        trainingImages: images.count, trainingTexts: texts.count, seed: seed,
        imageSide: image?.side ?? 0, leakingTags: features.leakingTags, language: features.language,
        layout: fusion.layout),
      image: image, tags: tags, text: text, fusion: fusion)
  }

  /// The mean of a unit's image vectors; `nil` without any.
  public static func mean(_ vectors: [[Float]]) -> [Float]? {
    guard let first = vectors.first else { return nil }
    return first.indices.map { index in
      Float(vectors.reduce(0.0) { $0 + Double($1[index]) } / Double(vectors.count))
    }
  }

  /// Evenly spread elements.
  private static func sample<Element>(_ elements: [Element], atMost count: Int) -> [Element] {
    guard elements.count > count else { return elements }
    return (0..<count).map { elements[$0 * elements.count / count] }
  }
}
