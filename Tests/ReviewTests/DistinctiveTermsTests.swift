import Testing

@testable import Review

@Suite struct DistinctiveTermsTests {
  private static func terms(minimumPatients: Int) -> DistinctiveTerms {
    var terms = DistinctiveTerms(minimumPatients: minimumPatients)
    for unit in 0..<20 {
      terms.add(["lung", unit < 5 ? "nodule" : "clear"], of: "p\(unit % 7)", to: 1)
      terms.add(["knee", "clear"], of: "q\(unit % 7)", to: 2)
    }
    return terms
  }

  @Test func `a term that a cluster has and the others lack comes first`() {
    let terms = Self.terms(minimumPatients: 3)
    #expect(terms.strongest(1, 5) == ["lung", "nodule"])
    #expect(terms.strongest(2, 1) == ["knee"])
  }

  @Test func `what every cluster has distinguishes none`() {
    #expect(!Self.terms(minimumPatients: 3).strongest(1, 9).contains("clear"))
  }

  @Test(arguments: [(5, true), (6, false)])
  func `a term of too few patients is not shown`(_ minimumPatients: Int, _ isShown: Bool) {
    // Five studies name a nodule, of five patients.
    let shown = Self.terms(minimumPatients: minimumPatients).strongest(1, 5)
    #expect(shown.contains("nodule") == isShown)
  }

  @Test func `a cluster without units has no terms`() {
    #expect(Self.terms(minimumPatients: 1).strongest(9, 5).isEmpty)
  }
}
