import Core
import Features

/// The bundle in use: from images, tags and texts to fused vectors. For one thread at a time.
final class UnitEncoder {
  let bundle: ModelBundle
  private let counter: TermCounter?

  init(_ bundle: ModelBundle) throws {
    self.bundle = bundle
    counter = try bundle.text?.makeCounter()
  }

  /// Mean vector of an instance's images; empty without images or image encoder.
  ///
  /// - Throws: `FeatureError` when libtorch fails.
  func encode(_ images: [GrayImage]) throws -> [Float] {
    guard let encoder = bundle.image else { return [] }
    let fitting = images.filter { $0.side == encoder.side }
    return ModelBundle.mean(try fitting.map { try encoder.encode($0) }) ?? []
  }

  func terms(_ text: Redacted<String>, without names: Set<String>) -> TextEncoder.Terms {
    counter?.terms(text.revealed, without: names.sorted()) ?? [:]
  }

  /// - Parameters:
  ///   - image: mean image vector, `nil` without images.
  ///   - terms: counts over all reports of the study.
  func embed(image: [Float]?, tags: TagValues, terms: TextEncoder.Terms) throws -> Embedding {
    bundle.fusion.fuse([image, try bundle.tags?.encode(tags), bundle.text?.encode(terms)])
  }

  func embed(_ unit: TrainingUnit) throws -> Embedding {
    let image = try encode(unit.images)
    return try embed(
      image: image.isEmpty ? nil : image, tags: unit.tags,
      terms: unit.text.map { terms($0, without: Set(unit.names.revealed)) } ?? [:])
  }
}
