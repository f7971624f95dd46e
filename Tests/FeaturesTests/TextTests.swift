import Core
import Foundation
import Testing

@testable import Features

@Suite struct TextTests {
  @Test(arguments: [
    ("english", "No fractures of the left ribs.", ["no", "fractur", "left", "rib"]),
    ("german", "Keine Frakturen der Rippen", ["kein", "fraktur", "ripp"]),
    ("serbian", "Pluća bez infiltrata", ["plu", "bez", "infiltrat"]),
    ("none", "Plućni infiltrat 5 mm", ["plućni", "infiltrat", "mm"]),
  ])
  func `texts become stems`(_ language: String, _ text: String, _ stems: [String]) throws {
    let tokenizer = try Tokenizer(language: language)
    let made = tokenizer.words(text, without: PersonNames([])).compactMap(tokenizer.stem)
    #expect(made.count == stems.count)
    for (mine, expected) in zip(made, stems) {
      #expect(mine.hasPrefix(expected.prefix(4)), "\(made)")
    }
  }

  @Test func `names never become terms`() throws {
    let words = try Tokenizer(language: "english").words(
      "Novak was seen, NOVAK'S knee and novakova knee.", without: PersonNames(["novak"]))
    #expect(words == ["was", "seen", "s", "knee", "and", "knee"])
  }

  @Test func `an unknown language is refused with a list of known ones`() {
    let error = #expect(throws: FeatureError.self) { try Tokenizer(language: "klingon") }
    #expect(error?.description.contains("english") == true)
  }

  private static let topics = [
    "fracture bone radius distal cast", "pneumonia lung consolidation cough fever",
    "liver steatosis hepatic ultrasound", "brain stroke infarction artery",
    "knee meniscus tear ligament",
  ]

  private static let rules = Configuration.Vocabulary(language: "english", minimumPatients: 3)

  private static func texts(_ count: Int) -> [TrainingText] {
    var generator = SeededGenerator(seed: 5)
    return (0..<count).map { index in
      let words = topics[index % topics.count].split(separator: " ")
      return TrainingText(
        text: words.filter { _ in generator.uniform() < 0.8 }.joined(separator: " "), names: [],
        patient: "\(index)")
    }
  }

  @Test(arguments: [Configuration.TextMethod.bow, .tfidf])
  func `texts of one topic are closer than texts of two`(_ method: Configuration.TextMethod) throws
  {
    let encoder = try #require(
      try TextEncoder(
        fitting: Self.texts(100), method: method, components: 5, vocabulary: Self.rules, seed: 1))
    let counter = try encoder.makeCounter()
    func vector(_ text: String) throws -> [Float] {
      try #require(encoder.encode(counter.terms(text, without: [])))
    }
    func likeness(_ left: [Float], _ right: [Float]) -> Float {
      zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let whole = try Self.topics.map(vector)
    for (topic, text) in Self.topics.enumerated() {
      #expect(abs(likeness(whole[topic], whole[topic]) - 1) < 1e-5)
      let part = try vector(text.split(separator: " ").dropFirst().joined(separator: " "))
      for other in whole.indices where other != topic {
        #expect(likeness(part, whole[topic]) > likeness(part, whole[other]) + 0.2)
      }
    }
  }

  @Test(arguments: [(2, false), (3, true)])
  func `a word that too few patients share is not in the model`(
    _ patients: Int, _ isKnown: Bool
  ) throws {
    let texts = (0..<20).map {
      TrainingText(text: "fracture canaryword", names: [], patient: "p\($0 % patients)")
    }
    let encoder = try #require(
      try TextEncoder(
        fitting: Self.texts(60) + texts, components: 5,
        vocabulary: Self.rules, seed: 1))
    #expect(encoder.vocabulary.contains { $0.hasPrefix("canary") } == isKnown)
  }

  @Test func `a text without known terms is a missing block`() throws {
    let encoder = try #require(
      try TextEncoder(fitting: Self.texts(60), components: 5, vocabulary: Self.rules, seed: 1))
    let terms = try encoder.makeCounter().terms("xyzzy", without: [])
    #expect(encoder.encode(terms) == nil)
    #expect(encoder.encode([:]) == nil)
  }

  @Test func `too few texts train no encoder`() throws {
    let encoder = try TextEncoder(
      fitting: Self.texts(3), components: 5, vocabulary: Self.rules, seed: 1)
    #expect(encoder == nil)
  }

  @Test func `the reduction finds the leading directions`() {
    // Two orthogonal groups of columns, the first with the larger weights.
    let rows: [TruncatedSVD.Row] = (0..<40).map { index in
      index % 2 == 0 ? [(0, 3), (1, 3)] : [(2, 1), (3, 1)]
    }
    let components = TruncatedSVD.components(rows, columns: 4, count: 2, seed: 3)
    let half = 0.5.squareRoot()
    for (mine, expected) in zip(components.values, [half, half, 0, 0, 0, 0, half, half]) {
      #expect(abs(mine - expected) < 1e-9)
    }
  }
}
