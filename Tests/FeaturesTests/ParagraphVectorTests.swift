import Core
import Foundation
import Testing

@testable import Features

@Suite struct ParagraphVectorTests {
  private static let topics = 8
  private static let wordsPerTopic = 25
  private static let vocabulary = topics * wordsPerTopic + 40

  /// Texts of 30 words, most from one topic, some from all topics.
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

  /// PV-DBOW and PV-DM.
  private static let models = Dictionary(
    uniqueKeysWithValues: [0, 5].map { context in
      (
        context,
        ParagraphVectors(
          fitting: texts(400, seed: 1), vocabulary: vocabulary,
          .init(context: context, dimensions: 24))
      )
    })

  private static func cosine(_ left: [Float], _ right: [Float]) -> Float {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
  }

  @Test(arguments: [0, 5])
  func `unseen texts find their topic among seen ones`(_ context: Int) throws {
    let model = try #require(Self.models[context])
    let seen = try Self.texts(160, seed: 1).map { try #require(model.infer($0)) }
    var right = 0
    for (index, text) in Self.texts(160, seed: 2).enumerated() {
      let vector = try #require(model.infer(text))
      let nearest = seen.indices.max {
        Self.cosine(seen[$0], vector) < Self.cosine(seen[$1], vector)
      }
      right += (nearest ?? 0) % Self.topics == index % Self.topics ? 1 : 0
    }
    // Chance is one in eight.
    #expect(right >= 152, "\(right) of 160")
  }

  @Test(arguments: [0, 5])
  func `a text's vector doesn't depend on earlier inferences`(_ context: Int) throws {
    let model = try #require(Self.models[context])
    let texts = Self.texts(20, seed: 3)
    let forward = texts.map { model.infer($0) }
    let backward = texts.reversed().map { model.infer($0) }
    #expect(forward == backward.reversed())
  }

  @Test func `several threads learn the topics too`() throws {
    let texts = Self.texts(400, seed: 1)
    let model = ParagraphVectors(
      fitting: texts, vocabulary: Self.vocabulary, .init(dimensions: 24, threads: 4))
    let vectors = try texts.prefix(80).map { try #require(model.infer($0)) }
    var right = 0
    for index in vectors.indices {
      let nearest = vectors.indices.filter { $0 != index }.max {
        Self.cosine(vectors[$0], vectors[index]) < Self.cosine(vectors[$1], vectors[index])
      }
      right += (nearest ?? 0) % Self.topics == index % Self.topics ? 1 : 0
    }
    #expect(right >= 72, "\(right) of 80")
  }

  @Test(arguments: [0, 5])
  func `the same training gives the same model`(_ context: Int) {
    let texts = Self.texts(60, seed: 4)
    let parameters = ParagraphVectors.Parameters(context: context, dimensions: 8, epochs: 5)
    let first = ParagraphVectors(fitting: texts, vocabulary: Self.vocabulary, parameters)
    #expect(first == ParagraphVectors(fitting: texts, vocabulary: Self.vocabulary, parameters))
    var other = parameters
    other.seed = 2
    #expect(first != ParagraphVectors(fitting: texts, vocabulary: Self.vocabulary, other))
  }

  /// Texts of 60 words: 15 % from one topic, the others shared and as unevenly frequent as in any language.
  private static func faintTexts(_ count: Int, seed: UInt64) -> [TextEncoder.Terms] {
    var generator = SeededGenerator(seed: seed)
    let shared = (1...1_500).reduce(into: [0.0]) { $0.append($0[$0.count - 1] + 1 / Double($1)) }
    return (0..<count).map { index in
      (0..<60).reduce(into: [:]) { terms, _ in
        let drawn = generator.uniform() * shared[1_500]
        let term =
          generator.uniform() < 0.15
          ? 1_500 + index % 20 * 60 + Int(generator.next() % 60)
          : (shared.firstIndex { $0 > drawn } ?? 1) - 1
        terms[term, default: 0] += 1
      }
    }
  }

  /// Vectors that start too close together find about 75 of 300 (measured with ± 0.5 / dimensions).
  @Test func `faint topics are found`() throws {
    let texts = Self.faintTexts(1_000, seed: 1)
    let model = ParagraphVectors(fitting: texts, vocabulary: 2_700, .init(dimensions: 64))
    let seen = try texts.map { try #require(model.infer($0)) }
    var right = 0
    for (index, text) in Self.faintTexts(300, seed: 2).enumerated() {
      let vector = try #require(model.infer(text))
      let likeness = seen.map { Self.cosine($0, vector) }
      let nearest = seen.indices.max { likeness[$0] < likeness[$1] } ?? 0
      right += nearest % 20 == index % 20 ? 1 : 0
    }
    #expect(right >= 105, "\(right) of 300")
  }

  @Test func `a text without known terms has no vector`() {
    #expect(Self.models.values.allSatisfy { $0.infer([:]) == nil })
  }
}
