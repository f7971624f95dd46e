import Core
import Testing

/// Which identifiers count as one patient.
@Suite struct PatientGroupsTests {
  private static func groups(_ links: [(study: Int, number: Int, issuer: Int)]) -> PatientGroups {
    var groups = PatientGroups()
    for link in links {
      groups.link(
        study: "s\(link.study)", number: "\(link.number)@0", whole: "\(link.number)@\(link.issuer)")
    }
    return groups
  }

  @Test func `a number alone matches any issuer, two issuers are two patients`() {
    var apart = Self.groups([(1, 7, 1), (2, 7, 2)])
    #expect(apart.patient(of: "s1") != apart.patient(of: "s2"))
    for order in [[(1, 7, 1), (2, 7, 2), (3, 7, 0)], [(3, 7, 0), (1, 7, 1), (2, 7, 2)]] {
      var linked = Self.groups(order)
      #expect(Set(["s1", "s2", "s3"].map { linked.patient(of: $0) }).count == 1)
    }
    #expect(apart.patient(of: "s3") == nil)
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `groups of random graphs match a walk from study to study`(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let size = 4 + Int(seed)
    let links = (0..<size).map { _ in
      (
        study: Int(generator.next() % UInt64(size)), number: Int(generator.next() % UInt64(size)),
        issuer: Int(generator.next() % 3)
      )
    }
    let isBare = Set(links.filter { $0.issuer == 0 }.map(\.number))
    func areLinked(
      _ one: (study: Int, number: Int, issuer: Int), _ other: (study: Int, number: Int, issuer: Int)
    ) -> Bool {
      one.study == other.study
        || one.number == other.number && (one.issuer == other.issuer || isBare.contains(one.number))
    }
    var component = Array(links.indices)
    for _ in links {
      for first in links.indices {
        for second in links.indices where areLinked(links[first], links[second]) {
          component[second] = min(component[first], component[second])
        }
      }
    }
    var groups = Self.groups(links)
    var shuffled = Self.groups(links.shuffled(using: &generator))
    for first in links.indices {
      for second in links.indices {
        let (one, other) = ("s\(links[first].study)", "s\(links[second].study)")
        let isSame = component[first] == component[second]
        #expect((groups.patient(of: one) == groups.patient(of: other)) == isSame)
        #expect((shuffled.patient(of: one) == shuffled.patient(of: other)) == isSame)
      }
    }
  }
}
