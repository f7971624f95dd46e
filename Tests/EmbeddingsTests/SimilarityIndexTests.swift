import Clustering
import Core
import Store
import Testing

@testable import Embeddings

@Suite struct SimilarityIndexTests {
  private static let layout = Fixture.layout

  /// Units with random vectors, some without image or text, some equal to others.
  private static func fill(_ fixture: Fixture, _ keys: [String], seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    try fixture.store.transaction {
      for (index, key) in keys.enumerated() {
        let mask = [BlockMask.all, .all, BlockMask(.tags), [BlockMask(.tags), BlockMask(.text)]][
          index % 4]
        var values = (0..<9).map { _ in Float(Int(generator.next() % 5)) }
        for block in Block.allCases where !mask.contains(block) {
          for column in layout.range(of: block) { values[column] = 0 }
        }
        try fixture.save(key, values, mask)
      }
    }
  }

  private static func bruteForce(
    _ store: any Store, _ key: String, _ count: Int, _ block: Block?
  ) throws -> [Neighbour] {
    let own = try #require(try store.unit(key))
    var all: [(String, Double)] = []
    try store.units(bundle: "b") { unit in
      guard unit.unitKey != key,
        let square = layout.squaredDistance(
          own.embedding, unit.embedding, blocks: block.map { BlockMask($0) } ?? .all)
      else { return }
      all.append((unit.unitKey, square))
    }
    return all.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(count)
      .map { Neighbour(unitKey: $0.0, distance: $0.1.squareRoot()) }
  }

  @Test(arguments: [nil, Block.image, .text])
  func `it follows new and revised units, and stays exact`(_ block: Block?) throws {
    let fixture = try Fixture()
    let store = fixture.store
    let keys = (0..<80).map { "\(($0 * 37) % 80 + 100)" }
    try Self.fill(fixture, Array(keys[..<40]), seed: 1)
    var index = try SimilarityIndex(store, bundle: "b", layout: Self.layout)
    // The second half is new, a part of the first is revised; another bundle's units are no part of it.
    try Self.fill(fixture, Array(keys[30...]), seed: 2)
    try fixture.save("zz", [Float](repeating: 1, count: 9), bundle: "other")
    try index.follow(store)
    #expect(index.count == 80)
    let batch = try SimilarityIndex.nearest(
      toUnits: Set(keys.prefix(50)), count: 12, block: block, in: store, bundle: "b",
      layout: Self.layout)
    #expect(batch.count == 50)
    for key in keys.prefix(50) {
      guard try block.map({ try store.unit(key)!.embedding.mask.contains($0) }) ?? true else {
        #expect(batch[key] == [])
        continue
      }
      let expected = try Self.bruteForce(store, key, 12, block)
      #expect(try index.nearest(to: key, count: 12, block: block, in: store) == expected)
      #expect(batch[key] == expected)
    }
  }

  @Test func `after very many events it reads everything again`() throws {
    let fixture = try Fixture()
    try Self.fill(fixture, ["a", "b"], seed: 1)
    var index = try SimilarityIndex(fixture.store, bundle: "b", layout: Self.layout)
    try Self.fill(fixture, (0..<1_200).map { "\($0)" }, seed: 2)
    try index.follow(fixture.store)
    #expect(index.count == 1_202)
    #expect(
      try index.nearest(to: "a", count: 5, in: fixture.store)
        == Self.bruteForce(fixture.store, "a", 5, nil))
  }

  @Test func `a key may be the beginning of one, or of its study's`() throws {
    let fixture = try Fixture()
    for (key, study) in [("abc1", "s1"), ("abd2", "s2"), ("xyz3", "s2"), ("abc", "s4")] {
      try fixture.save(key, [Float](repeating: 1, count: 9), study: study)
      try fixture.store.save(
        InstanceRecord(
          instanceKey: "i" + key, seriesKey: key, digest: "d", hasPixels: true, frames: 1,
          image: [], tags: nil, bodyPart: nil, decodePath: "native"), studyKey: study, bundle: "b")
    }
    let index = try SimilarityIndex(fixture.store, bundle: "b", layout: Self.layout)
    func unit(_ key: String) throws -> String {
      try SimilarityQuery(key: key).answer(index, in: fixture.store).unitKey
    }
    #expect(try unit("x") == "xyz3" && unit("abd") == "abd2" && unit("s1") == "abc1")
    // A whole key wins over the keys that begin with it.
    #expect(try unit("abc") == "abc")
    #expect(throws: SimilarityError.ambiguous("ab", ["abc", "abc1", "abd2"])) { try unit("ab") }
    #expect(throws: SimilarityError.ambiguous("s2", ["abd2", "xyz3"])) { try unit("s2") }
    for unknown in ["", "nothing", "%", "'"] {
      #expect(throws: SimilarityError.unknown(unknown)) { try unit(unknown) }
    }
  }

  @Test func `a unit without the block is named in the error`() throws {
    let fixture = try Fixture()
    try fixture.save("a", [0, 0, 0, 0, 1, 1, 1, 0, 0], BlockMask(.tags))
    let index = try SimilarityIndex(fixture.store, bundle: "b", layout: Self.layout)
    let error = #expect(throws: SimilarityError.self) {
      try index.nearest(to: "a", count: 1, block: .image, in: fixture.store)
    }
    #expect(error?.description.contains("a has no image vector") == true)
    #expect(try index.nearest(to: "a", count: 5, in: fixture.store).isEmpty)
  }

  @Test func `keys are found in any order of arrival`() {
    var keys = UnitKeys()
    let all = ["b", "d", "f", "a", "e", "g", "c"]
    for key in all { keys.append(key) }
    for (row, key) in all.enumerated() {
      #expect(keys.row(of: key) == row && keys[row] == key)
    }
    for missing in ["", "aa", "h"] { #expect(keys.row(of: missing) == nil) }
  }
}
