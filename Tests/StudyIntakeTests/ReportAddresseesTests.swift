import Core
import Testing

@testable import StudyIntake

/// Which studies get a report when several match.
@Suite struct ReportAddresseesTests {
  private static func patients(_ list: String) -> [PatientKey] {
    list.split(separator: " ").map { name in
      PatientKey(number: String(name.split(separator: "@")[0]), whole: String(name))
    }
  }

  @Test(arguments: [
    ("", "P1", "P2", "", "a b"), ("P3", "P1", "P2", "", "a b"), ("P1", "P1", "P2", "", "a"),
    ("P1", "", "P2", "", "a b"), ("P2 P9", "", "P2", "", "b"), ("P1", "P1", "P1", "", "a b"),
    ("P1@X", "P1@X", "P1@Y", "", "a"), ("P1@Z", "P1@X", "P1@Y", "", "a b"),
    ("P1@Z", "P1@X", "P2@Y", "", "a"), ("P1", "P1@X", "P1@Y", "", "a b"),
    ("P3", "P1", "P2", "b", "b"), ("P1", "P1", "P2", "b", "a b"),
  ])
  func `patient number, issuer and study UID select the studies`(
    _ report: String, _ first: String, _ second: String, _ named: String, _ expected: String
  ) {
    let known = ["a": Set(Self.patients(first)), "b": Set(Self.patients(second))]
    let addressees = ReportAddressees(
      ["a", "b"], named: named.isEmpty ? [] : [named], patients: Self.patients(report),
      known: { known[$0] ?? [] })
    #expect(addressees.studies.joined(separator: " ") == expected)
    #expect(Set(addressees.studies + addressees.others) == ["a", "b"])
  }

  @Test func `a single match gets the report, whatever its patient's key`() {
    let addressees = ReportAddressees(
      ["a"], named: [], patients: Self.patients("P1"), known: { _ in Set(Self.patients("P2")) })
    #expect(addressees.studies == ["a"] && addressees.others.isEmpty)
  }
}
