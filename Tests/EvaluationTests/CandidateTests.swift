import Core
import Features
import TestSupport
import Testing

@testable import Evaluation

@Suite struct CandidateTests {
  private static let vocabulary = Configuration.Vocabulary(language: "english", minimumPatients: 3)

  /// Forty studies whose texts, tags and pictures are of four kinds.
  private static func units() -> [TrainingUnit] {
    var generator = SeededGenerator(seed: 3)
    let words = (0..<24).map {
      "word" + String(repeating: "abcdefgh".randomElement(using: &generator)!, count: 2) + "\($0)"
    }
    return (0..<40).map { index in
      let pixels = (0..<64 * 64).map { (pixel: Int) -> UInt8 in
        UInt8((pixel / 64 * (index % 4 + 1) + Int(generator.next() % 60)) % 256)
      }
      return TrainingUnit(
        study: "s\(index)", patient: "p\(index)", images: [GreyImage(side: 64, pixels: pixels)],
        tags: [
          "KVP": "\(80 + index % 7 * 10)", "Manufacturer": "M\(index % 4)", "Rows": "\(index)",
        ],
        text: Redacted(
          (0..<12).map { _ in words[index % 4 * 6 + Int(generator.next() % 6)] }
            .joined(separator: " ")),
        names: Redacted([]), digests: ["\(index)"])
    }
  }

  @Test(arguments: [
    Candidate.Method.image(.pca, side: 32, steps: 0, vocabulary),
    .image(.hog, side: 64, steps: 0, vocabulary),
    .image(.hogRidge, side: 64, steps: 0, vocabulary), .tags(.pca, leaking: false),
    .text(.bow, vocabulary), .text(.tfidf, vocabulary),
  ])
  func `a short vector is the beginning of a long one`(_ method: Candidate.Method) throws {
    func vectors(_ candidate: Candidate) throws -> [[Float]?] {
      try candidate.vectors(
        Self.units(), fittedOn: Array(0..<30), seed: 1, checkpoint: nil, progress: { _ in })
    }
    let short = Candidate(method: method, components: 2, fitted: 8)
    let fitted = try vectors(Candidate(method: method, components: 2, fitted: 2))
    let shared = short.beginnings(try vectors(short.whole))
    #expect(fitted.count == shared.count && fitted.allSatisfy { $0 != nil })
    for (fitted, shared) in zip(fitted, shared) {
      #expect(fitted?.count == 2 && shared?.count == 2)
      #expect(
        zip(fitted ?? [], shared ?? []).allSatisfy { abs($0 - $1) < 1e-3 }, "\(method)")
    }
  }

  @Test func `networks come in one length`() throws {
    let features = try Configuration(
      TOMLDocument(text: "[intake]\ninput = \"/in\"", path: "")
    ).features
    let candidates = Candidate.all(features, side: 128)
    for method in Dictionary(grouping: candidates, by: \.method).values {
      #expect(Set(method.map(\.components)).count == method.count)
      #expect(method.count == 2 || method.allSatisfy(\.isNetwork), "\(method)")
      #expect(Set(method.map(\.whole)).count == 1)
    }
  }
}
