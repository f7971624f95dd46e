import Testing

@testable import Review

@Suite struct DoubtTests {
  private static func doubt(
    size: Int = 100, _ modality: [String: Int] = ["CT": 100], _ part: [String: Int] = ["HEAD": 100],
    spread: Double = 0.5, hasChanged: Bool = false
  ) -> Doubt {
    Doubt(
      size: size, modality: Mix(modality), bodyPart: Mix(part), spread: spread,
      hasChanged: hasChanged)
  }

  @Test func `of two clusters of one size the mixed one comes first`() {
    let mixed = Self.doubt(["CT": 60, "MR": 40])
    #expect(mixed.priority > Self.doubt().priority)
    #expect(mixed.reasons.contains("several modalities"))
    #expect(Self.doubt(["CT": 100], ["HEAD": 50, "NECK": 50]).reasons == ["several body parts"])
  }

  @Test func `of two alike clusters the larger one comes first`() {
    #expect(Self.doubt(size: 200).priority > Self.doubt(size: 100).priority)
  }

  @Test func `a wide cluster and one that has changed since are more doubtful`() {
    #expect(Self.doubt(spread: 1).value > Self.doubt(spread: 0.5).value)
    #expect(Self.doubt(hasChanged: true).value > Self.doubt().value)
    #expect(Self.doubt(hasChanged: true).reasons == ["changed since its review"])
  }

  @Test func `doubt is at most 1`() {
    let worst = Self.doubt(["CT": 1, "MR": 1], ["A": 1, "B": 1], spread: 1, hasChanged: true)
    #expect(worst.value <= 1)
  }
}
