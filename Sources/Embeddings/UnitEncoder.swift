import Core
import Features
import Synchronization

/// Encodes images, tags and texts to fused vectors with the bundle in use.
package final class UnitEncoder: Sendable {
  package let bundle: ModelBundle
  package let trainingStudies: TrainingStudies
  private let counters: TermCounters?

  package init(_ bundle: ModelBundle) throws {
    self.bundle = bundle
    trainingStudies = TrainingStudies(of: bundle)
    counters = try bundle.text.map { try TermCounters($0) }
  }

  /// Mean vector of an instance's images; empty without images or without an image encoder.
  ///
  /// - Throws: `FeatureError` when libtorch fails.
  package func encode(_ images: [GreyImage]) throws -> [Float] {
    guard let encoder = bundle.image else { return [] }
    let fitting = images.filter { $0.side == encoder.side }
    return ModelBundle.mean(try fitting.map { try encoder.encode($0) }) ?? []
  }

  /// Term counts of a text, without the given names; empty without a text encoder.
  ///
  /// - Throws: `FeatureError` when libstemmer fails.
  package func terms(_ text: Redacted<String>, without names: Set<String>) throws
    -> TextEncoder.Terms
  {
    try counters?.withOne { $0.terms(text.revealed, without: names.sorted()) } ?? [:]
  }

  /// - Parameters:
  ///   - image: mean image vector; `nil` without images.
  ///   - terms: counts over all reports of the study.
  package func embed(image: [Float]?, tags: TagValues, terms: TextEncoder.Terms) throws -> Embedding
  {
    bundle.fusion.fuse([
      image.map { bundle.image?.unitVector($0) ?? $0 }, try bundle.tags?.encode(tags),
      bundle.text?.encode(terms),
    ])
  }

  package func embed(_ unit: TrainingUnit) throws -> Embedding {
    let image = try encode(unit.images)
    return try embed(
      image: image.isEmpty ? nil : image, tags: unit.tags,
      terms: unit.text.map { try terms($0, without: Set(unit.names.revealed)) } ?? [:])
  }
}

/// Term counters, each for one thread at a time. They cache words; there are as many as were ever used at once.
private final class TermCounters: @unchecked Sendable {
  private let text: TextEncoder
  private let lock = Mutex(())
  // Guarded by the lock.
  private var idle: [TermCounter]

  init(_ text: TextEncoder) throws {
    self.text = text
    idle = [try text.makeCounter()]
  }

  func withOne<Result>(_ body: (TermCounter) -> Result) throws -> Result {
    let counter = try lock.withLock { _ in idle.popLast() } ?? text.makeCounter()
    defer { lock.withLock { _ in idle.append(counter) } }
    return body(counter)
  }
}
