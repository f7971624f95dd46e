import Core
import Features
import Testing

@testable import Training

@Suite struct NeighbourAgreementTests {
  private static func units(_ count: Int) -> [TrainingUnit] {
    let words = ["lung pleura cough thorax rib", "femur tibia knee patella bone"]
    return (0..<count).map { index in
      TrainingUnit(
        study: "s\(index)", patient: "p\(index)", images: [],
        tags: ["KVP": "\(80 + index % 2 * 40)"],
        text: Redacted(words[index % 2]), names: Redacted([]), digests: ["\(index)"])
    }
  }

  private static func agreement(_ vector: (Int) -> [Float]?) throws -> NeighbourAgreement {
    let units = units(60)
    let studies = ModelBundle.studyNumbers(units)
    let targets = try ImageTargets(
      units, studies: studies, vocabulary: .init(language: "english", minimumPatients: 3), seed: 1)
    return NeighbourAgreement(
      units.indices.map(vector), studies: studies, judged: Array(0..<40), targets: targets)
  }

  @Test func `vectors that separate kinds agree better than those that don't`() throws {
    let telling = try Self.agreement { [Float($0 % 2), Float($0) / 1_000] }
    let blind = try Self.agreement { [Float($0) / 1_000] }
    #expect(NeighbourAgreement.mean(telling.text) > 0.99)
    let comparison = PairedComparison(telling.scores, blind.scores)
    #expect(comparison.count == 40 && comparison.isGain)
    #expect(!PairedComparison(blind.scores, telling.scores).isGain)
    #expect(!PairedComparison(telling.scores, telling.scores).isGain)
  }

  @Test func `units without images are not judged`() throws {
    let agreement = try Self.agreement { $0 < 10 ? nil : [Float($0 % 2)] }
    #expect(agreement.scores.filter { $0 == nil }.count == 10)
  }

  @Test func `a few pairs are not enough for a gain`() {
    #expect(!PairedComparison([1, 1, 1], [0, 0, 0.1]).isGain)
  }

  @Test func `about a fifth of all studies, always the same, is held out`() {
    let judged = (0..<5_000).filter { EncoderTrial.isJudged(study: "key \($0)") }
    #expect((800...1_100).contains(judged.count))
    #expect(judged == (0..<5_000).filter { EncoderTrial.isJudged(study: "key \($0)") })
  }
}
