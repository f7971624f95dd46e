import Core
import Dispatch
import Foundation

/// Doc2vec (Le and Mikolov 2014) with negative sampling and sub-sampling of frequent words (Mikolov et al.
/// 2013). A text's vector is the one that best separates its words from random ones: alone (distributed bag of
/// words, PV-DBOW), or averaged with the vectors of other words of the text (distributed memory, PV-DM).
///
/// Training and inference need only term counts, and inference gives the same vector to the last bit each time.
/// PV-DM departs from the paper here: context words are drawn from the whole text instead of a window, because word
/// order is not kept.
struct ParagraphVectors: Sendable, Codable, Equatable {
  struct Parameters: Sendable {
    /// Number of context words whose vectors are averaged with the text's own; 0 is PV-DBOW.
    var context = 0
    var dimensions = 64
    var epochs = 40
    /// Random words for each word of a text.
    var negatives = 5
    /// Words more frequent than this share are sometimes skipped.
    var sampling = 1e-3
    var learningRate = 0.025
    var seed: UInt64 = 1
    /// With one thread the model depends only on texts and seed; with more, also on timing.
    var threads = 1
  }

  let dimensions: Int
  private let context: Int
  private let epochs: Int
  private let negatives: Int
  private let learningRate: Double
  private let seed: UInt64
  /// vocabulary × dimensions: output weights, whose product with a text's vector predicts whether a word occurs.
  private let outputs: FloatArray
  /// vocabulary × dimensions: context vectors; empty for PV-DBOW.
  private let inputs: FloatArray
  private let kept: FloatArray
  private let noise: [Double]

  private static let lowestRate = 1e-4

  /// - Parameters:
  ///   - texts: counts by term number, each below `vocabulary`.
  init(fitting texts: [TextEncoder.Terms], vocabulary: Int, _ parameters: Parameters) {
    dimensions = parameters.dimensions
    context = parameters.context
    epochs = parameters.epochs
    negatives = parameters.negatives
    learningRate = parameters.learningRate
    seed = parameters.seed
    var occurrences = [Double](repeating: 0, count: vocabulary)
    for text in texts {
      for (term, count) in text { occurrences[term] += Double(count) }
    }
    let threshold = parameters.sampling * occurrences.reduce(0, +)
    kept = FloatArray(
      occurrences.map {
        $0 > 0 ? Float(min(1, (($0 / threshold).squareRoot() + 1) * threshold / $0)) : 0
      })
    var cumulated = 0.0
    noise = occurrences.map {
      cumulated += pow($0, 0.75)
      return cumulated
    }
    let learning = ParagraphLearning(
      dimensions: dimensions, context: context, negatives: negatives, kept: kept.values,
      noise: noise)
    (outputs, inputs) = Self.train(texts, learning, vocabulary: vocabulary, parameters)
  }

  private static func train(
    _ texts: [TextEncoder.Terms], _ learning: ParagraphLearning, vocabulary: Int,
    _ parameters: Parameters
  ) -> (FloatArray, FloatArray) {
    let dimensions = parameters.dimensions
    var generator = SeededGenerator(seed: parameters.seed)
    var vectors = texts.flatMap { _ in start(dimensions, within: 1, &generator) }
    var outputs = [Float](repeating: 0, count: vocabulary * dimensions)
    var inputs =
      parameters.context == 0
      ? [] : (0..<vocabulary).flatMap { _ in start(dimensions, within: 1, &generator) }
    let words = texts.map(Self.words)
    let total = Double(max(1, words.reduce(0) { $0 + $1.count } * parameters.epochs))
    let parts = max(1, min(parameters.threads, texts.count))
    var generators = (0..<parts).map { part in
      part == 0 ? generator : SeededGenerator(seed: parameters.seed &+ UInt64(part) &* 7_919)
    }
    var seen = 0.0
    vectors.withUnsafeMutableBufferPointer { vectors in
      outputs.withUnsafeMutableBufferPointer { outputs in
        inputs.withUnsafeMutableBufferPointer { inputs in
          generators.withUnsafeMutableBufferPointer { generators in
            let places = Places(
              vectors: vectors.baseAddress, generators: generators.baseAddress,
              matrices: ParagraphLearning.Matrices(
                outputs: outputs.baseAddress!, inputs: inputs.baseAddress ?? outputs.baseAddress!,
                isFrozen: false))
            for _ in 0..<parameters.epochs {
              let before = seen
              DispatchQueue.concurrentPerform(iterations: parts) { part in
                var passed = before
                for index in texts.count * part / parts..<texts.count * (part + 1) / parts {
                  let rate = max(lowestRate, parameters.learningRate * (1 - passed / total))
                  learning.learn(
                    places.vectors! + index * dimensions, words[index], places.matrices,
                    rate: Float(rate), &places.generators![part])
                  passed += Double(words[index].count * parts)
                }
              }
              seen += Double(words.reduce(0) { $0 + $1.count })
            }
          }
        }
      }
    }
    return (FloatArray(outputs), FloatArray(inputs))
  }

  /// What the threads of one training share.
  private struct Places: @unchecked Sendable {
    let vectors: UnsafeMutablePointer<Float>?
    let generators: UnsafeMutablePointer<SeededGenerator>?
    let matrices: ParagraphLearning.Matrices
  }

  /// The vector of a text, of length 1; `nil` without known terms.
  func infer(_ terms: TextEncoder.Terms) -> [Float]? {
    let words = Self.words(terms)
    guard !words.isEmpty else { return nil }
    let learning = ParagraphLearning(
      dimensions: dimensions, context: context, negatives: negatives, kept: kept.values,
      noise: noise)
    // The random words depend on the text alone, not on what was inferred before.
    var generator = SeededGenerator(
      seed: words.reduce(seed) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 })
    var vector = Self.start(dimensions, within: 0.5, &generator)
    outputs.values.withUnsafeBufferPointer { outputs in
      inputs.values.withUnsafeBufferPointer { inputs in
        vector.withUnsafeMutableBufferPointer { vector in
          // Frozen matrices are not written.
          let matrices = ParagraphLearning.Matrices(
            outputs: UnsafeMutablePointer(mutating: outputs.baseAddress!),
            inputs: UnsafeMutablePointer(mutating: inputs.baseAddress ?? outputs.baseAddress!),
            isFrozen: true)
          for epoch in 0..<epochs {
            let rate = max(Self.lowestRate, learningRate * (1 - Double(epoch) / Double(epochs)))
            learning.learn(
              vector.baseAddress!, words, matrices, rate: Float(rate), &generator)
          }
        }
      }
    }
    let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    return length > 1e-12 ? vector.map { Float(Double($0) / length) } : nil
  }

  /// Every occurrence of every term, in the order of the terms.
  private static func words(_ terms: TextEncoder.Terms) -> [Int] {
    terms.sorted { $0.key < $1.key }.flatMap { [Int](repeating: $0.key, count: $0.value) }
  }

  /// Random numbers within ± `within` / `dimensions`. Training needs the wider range: with half of it, vectors stay so
  /// close together that faint topics are found less often (scripts/compare-doc2vec).
  private static func start(
    _ dimensions: Int, within: Double, _ generator: inout SeededGenerator
  ) -> [Float] {
    let scale = 2 * within / Double(dimensions)
    return (0..<dimensions).map { _ in Float((generator.uniform() - 0.5) * scale) }
  }
}
