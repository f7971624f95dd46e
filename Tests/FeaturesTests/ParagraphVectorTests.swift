import Core
import Foundation
import Testing

@testable import Features

@Suite struct ParagraphVectorTests {
  private static let topics = 8
  private static let wordsPerTopic = 25
  private static let vocabulary = topics * wordsPerTopic + 40

  /// Texts of 30 words, most of their topic, some of all topics.
  private static func texts(_ count: Int, seed: UInt64) -> [TextEncoder.Terms] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { index in
      (0..<30).reduce(into: [:]) { terms, _ in
        let own = generator.uniform() < 0.6
        let term =
          own
          ? index % topics * wordsPerTopic + Int(generator.next() % UInt64(wordsPerTopic))
          : topics * wordsPerTopic + Int(generator.next() % 40)
        terms[term, default: 0] += 1
      }
    }
  }

  private static let model = ParagraphVectors(
    fitting: texts(400, seed: 1), vocabulary: vocabulary, .init(dimensions: 24))

  private static func cosine(_ left: [Float], _ right: [Float]) -> Float {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
  }

  @Test func `unseen texts find their topic among seen ones`() throws {
    let seen = try Self.texts(160, seed: 1).map { try #require(Self.model.infer($0)) }
    var right = 0
    for (index, text) in Self.texts(160, seed: 2).enumerated() {
      let vector = try #require(Self.model.infer(text))
      let nearest = seen.indices.max {
        Self.cosine(seen[$0], vector) < Self.cosine(seen[$1], vector)
      }
      right += (nearest ?? 0) % Self.topics == index % Self.topics ? 1 : 0
    }
    // Chance is one in eight.
    #expect(right >= 152, "\(right) of 160")
  }

  @Test func `a text has one vector, whatever was inferred before`() {
    let texts = Self.texts(20, seed: 3)
    let forward = texts.map { Self.model.infer($0) }
    let backward = texts.reversed().map { Self.model.infer($0) }
    #expect(forward == backward.reversed())
  }

  @Test func `the same training gives the same model`() {
    let texts = Self.texts(60, seed: 4)
    let parameters = ParagraphVectors.Parameters(dimensions: 8, epochs: 5)
    let first = ParagraphVectors(fitting: texts, vocabulary: Self.vocabulary, parameters)
    #expect(first == ParagraphVectors(fitting: texts, vocabulary: Self.vocabulary, parameters))
    var other = parameters
    other.seed = 2
    #expect(first != ParagraphVectors(fitting: texts, vocabulary: Self.vocabulary, other))
  }

  @Test func `nothing known is nothing`() {
    #expect(Self.model.infer([:]) == nil)
  }
}
