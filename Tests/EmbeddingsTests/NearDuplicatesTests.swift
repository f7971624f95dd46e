import Core
import Foundation
import Store
import Testing

@testable import Embeddings

@Suite struct NearDuplicatesTests {
  private static func picture(_ x: Int, _ y: Int) -> Double {
    120 + 60 * sin(Double(x) / 7) * cos(Double(y) / 5) + Double(x + 2 * y) / 2
  }

  /// Units a to f with nearly equal image vectors and different tags; g is far away.
  private static func fixture() throws -> Fixture {
    let fixture = try Fixture()
    for (index, key) in ["a", "b", "c", "d", "e", "f", "g"].enumerated() {
      let image = [key == "g" ? 1 : 0.1 * Float(index), 0, 0, 0]
      try fixture.save(key, image + [Float(index), 1, 2, 3, 4], study: key + "s")
    }
    try fixture.show("a", picture)
    // Another window, a noisy copy, a mirror image, no thumbnail, nothing but one grey.
    try fixture.show("b") { 0.7 * picture($0, $1) + 30 }
    try fixture.show("c") { picture($0, $1) + Double(($0 * 7 + $1 * 13) % 5) }
    try fixture.show("d") { picture(47 - $0, $1) }
    try fixture.show("f") { _, _ in 99 }
    try fixture.show("g", picture)
    return fixture
  }

  @Test func `the same picture is found, whatever its window; mirror images and flat ones aren't`()
    throws
  {
    let fixture = try Self.fixture()
    let found = try NearDuplicates(fixture.store, bundle: "b", layout: Fixture.layout)
    #expect(found.pairs.map { $0.first + $0.second } == ["ab", "ac", "bc"])
    #expect(found.groups == [["a", "b", "c"]])
    #expect(found.studies == ["a": "as", "b": "bs", "c": "cs"])
    let likeness = Likeness(Fixture.layout)
    func areSame(_ first: String, _ second: String) throws -> Bool {
      try likeness.areNearDuplicates(
        #require(try fixture.store.unit(first)), #require(try fixture.store.unit(second)),
        in: fixture.store)
    }
    #expect(try areSame("a", "b") && areSame("c", "b"))
    #expect(try !areSame("a", "d") && !areSame("a", "e") && !areSame("a", "g"))
  }

  @Test func `units of several images count by their vectors, units of one study never`() throws {
    let fixture = try Fixture()
    let tags: [Float] = [1, 1, 1, 0, 0]
    try fixture.save("a", [0.1, 0, 0, 0] + tags, instances: 4)
    try fixture.save("b", [0.15, 0, 0, 0] + tags, instances: 4)
    try fixture.save("c", [0.16, 0, 0, 0] + tags, study: "b", instances: 4)
    try fixture.save("d", [0, 0, 0, 0] + tags, BlockMask(.tags), instances: 4)
    let found = try NearDuplicates(fixture.store, bundle: "b", layout: Fixture.layout)
    #expect(found.pairs.map { $0.first + $0.second } == ["ab", "ac"])
  }

  @Test func `without image vectors nothing is a duplicate`() throws {
    let fixture = try Fixture()
    let layout = BlockLayout(lengths: [0, 2, 0], weights: [0.7, 1, 1.2])
    for key in ["a", "b"] { try fixture.save(key, [1, 2], BlockMask(.tags)) }
    let found = try NearDuplicates(fixture.store, bundle: "b", layout: layout)
    #expect(found.pairs.isEmpty && found.groups.isEmpty)
  }

  @Test func `groups of keys are named by their smallest`() {
    var groups = KeyGroups()
    groups.link("d", "c")
    groups.link("f", "e")
    groups.link("e", "d")
    groups.link("x", "x")
    #expect(["c", "d", "e", "f"].allSatisfy { groups.smallest(of: $0) == "c" })
    #expect(groups.smallest(of: "unlinked") == "unlinked")
    groups.link("f", "a")
    #expect(["a", "c", "d", "e", "f"].allSatisfy { groups.smallest(of: $0) == "a" })
    #expect(groups.groups == [["a", "c", "d", "e", "f"], ["x"]])
  }
}
