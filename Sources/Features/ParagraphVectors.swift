import Core
import Foundation

/// Doc2vec, distributed bag of words (PV-DBOW; Le and Mikolov 2014) with negative sampling and sub-sampling
/// of frequent words (Mikolov et al. 2013). A text's vector is what best tells its words from random ones.
///
/// Word order plays no part in the model, so counts of terms are all that is needed, also later: a text's
/// vector is inferred from them alone, and is the same to the last bit each time.
struct ParagraphVectors: Sendable, Codable, Equatable {
  struct Parameters: Sendable {
    var dimensions = 64
    var epochs = 40
    /// Random words for each word of a text.
    var negatives = 5
    /// Words more frequent than this share are sometimes left out.
    var sampling = 1e-3
    var learningRate = 0.025
    var seed: UInt64 = 1
  }

  let dimensions: Int
  private let epochs: Int
  private let negatives: Int
  private let learningRate: Double
  private let seed: UInt64
  /// vocabulary × dimensions: what a text's vector is multiplied with to tell whether a word occurs.
  private let outputs: FloatArray
  /// Chance that an occurrence is used, by term.
  private let kept: FloatArray
  /// Cumulated (occurrences ^ 0.75), by term: how often a term is drawn as a random word.
  private let noise: [Double]

  private static let lowestRate = 1e-4

  /// - Parameters:
  ///   - texts: counts of terms, each below `vocabulary`.
  init(fitting texts: [TextEncoder.Terms], vocabulary: Int, _ parameters: Parameters) {
    dimensions = parameters.dimensions
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

    var generator = SeededGenerator(seed: parameters.seed)
    var vectors = texts.map { _ in Self.start(parameters.dimensions, &generator) }
    let words = texts.map(Self.words)
    let total = Double(max(1, words.reduce(0) { $0 + $1.count } * epochs))
    var outputs = [Float](repeating: 0, count: vocabulary * dimensions)
    var seen = 0.0
    for _ in 0..<epochs {
      for index in texts.indices {
        let rate = max(Self.lowestRate, learningRate * (1 - seen / total))
        Self.learn(
          &vectors[index], words[index], &outputs, kept: kept.values, noise: noise,
          negatives: negatives,
          rate: Float(rate), frozen: false, &generator)
        seen += Double(words[index].count)
      }
    }
    self.outputs = FloatArray(outputs)
  }

  /// The vector of a text, of length 1; `nil` without known terms.
  func infer(_ terms: TextEncoder.Terms) -> [Float]? {
    let words = Self.words(terms)
    guard !words.isEmpty else { return nil }
    // The random words depend on the text alone, not on what was inferred before.
    var generator = SeededGenerator(
      seed: words.reduce(seed) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 })
    var vector = Self.start(dimensions, &generator)
    var outputs = outputs.values
    for epoch in 0..<epochs {
      let rate = max(Self.lowestRate, learningRate * (1 - Double(epoch) / Double(epochs)))
      Self.learn(
        &vector, words, &outputs, kept: kept.values, noise: noise, negatives: negatives,
        rate: Float(rate), frozen: true, &generator)
    }
    let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    return length > 1e-12 ? vector.map { Float(Double($0) / length) } : nil
  }

  /// One pass over a text's words: its vector, and the words' unless they are frozen, move along the gradient.
  private static func learn(
    _ vector: inout [Float], _ words: [Int], _ outputs: inout [Float], kept: [Float],
    noise: [Double],
    negatives: Int, rate: Float, frozen: Bool, _ generator: inout SeededGenerator
  ) {
    let dimensions = vector.count
    var change = [Float](repeating: 0, count: dimensions)
    vector.withUnsafeMutableBufferPointer { vector in
      outputs.withUnsafeMutableBufferPointer { outputs in
        change.withUnsafeMutableBufferPointer { change in
          for word in words {
            if kept[word] < 1 && Float(generator.uniform()) > kept[word] { continue }
            for index in change.indices { change[index] = 0 }
            for draw in 0...negatives {
              let target = draw == 0 ? word : Self.draw(noise, generator.uniform())
              if draw > 0 && target == word { continue }
              let base = target * dimensions
              var product: Float = 0
              for index in 0..<dimensions { product += vector[index] * outputs[base + index] }
              let gradient = rate * ((draw == 0 ? 1 : 0) - 1 / (1 + exp(-product)))
              for index in 0..<dimensions {
                change[index] += gradient * outputs[base + index]
                if !frozen { outputs[base + index] += gradient * vector[index] }
              }
            }
            for index in 0..<dimensions { vector[index] += change[index] }
          }
        }
      }
    }
  }

  /// Every occurrence of every term, in the order of the terms.
  private static func words(_ terms: TextEncoder.Terms) -> [Int] {
    terms.sorted { $0.key < $1.key }.flatMap { [Int](repeating: $0.key, count: $0.value) }
  }

  private static func start(_ dimensions: Int, _ generator: inout SeededGenerator) -> [Float] {
    (0..<dimensions).map { _ in Float((generator.uniform() - 0.5) / Double(dimensions)) }
  }

  /// The term whose share of the cumulated noise holds `uniform`.
  private static func draw(_ noise: [Double], _ uniform: Double) -> Int {
    let wanted = uniform * (noise.last ?? 0)
    var (low, high) = (0, noise.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if noise[middle] <= wanted { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
