import Core
import Store
import TestSupport
import Testing

/// What a store keeps of reviews, and where old labels lead.
@Suite struct ReviewTests {
  private static func units(_ store: any Store, _ clusters: [String: Int], sequence: Int = 1) throws
  {
    for (key, cluster) in clusters {
      try store.save(UnitRecord(key, sequence: sequence, cluster: cluster))
    }
  }

  private static func review(_ store: any Store, _ cluster: Int, sequence: Int) throws
    -> ClusterReview
  {
    ClusterReview(
      generation: 2, sequence: sequence, time: "t", reviewer: "Ada", comment: "good",
      contents: try store.contents(cluster: cluster))
  }

  @Test(arguments: StoreKind.allCases)
  func `a review keeps what the cluster held`(_ kind: StoreKind) throws {
    let store = try FreshStore(kind).store
    let id = try store.makeCluster(generation: 1)
    try Self.units(store, ["a": id, "b": id, "c": id])
    try store.save(UnitRecord("d", cluster: id, modality: nil))
    let review = try Self.review(store, id, sequence: 5)
    #expect(review.contents == ClusterContents(modality: ["CT": 3, "": 1], bodyPart: ["": 4]))
    try store.review(cluster: id, name: nil, trust: .accepted, review)
    #expect(try store.reviews() == [id: review])
    // A new name is no review of the contents.
    try store.review(cluster: id, name: "Heads", trust: .accepted, nil)
    #expect(try store.reviews() == [id: review])
    try store.review(cluster: id, name: "Heads", trust: .unreviewed, nil)
    #expect(try store.reviews().isEmpty)
  }

  @Test(arguments: StoreKind.allCases)
  func `a cluster changes by its units and by their kinds`(_ kind: StoreKind) throws {
    let store = try FreshStore(kind).store
    let id = try store.makeCluster(generation: 1)
    try Self.units(store, Dictionary(uniqueKeysWithValues: (0..<43).map { ("u\($0)", id) }))
    try store.review(cluster: id, name: nil, trust: .accepted, Self.review(store, id, sequence: 9))
    func change() throws -> ClusterChange {
      try #require(store.changesSinceReview(limit: 0.25)[id])
    }
    #expect(try change().units == 0 && change().mix == 0 && !change().isLarge)
    try Self.units(
      store, Dictionary(uniqueKeysWithValues: (43..<63).map { ("u\($0)", id) }), sequence: 10)
    #expect(try abs(change().units - 20.0 / 63) < 1e-12 && change().isLarge)
    #expect(try change().kept == 43 && change().before == 43 && change().now == 63)
    // Units that are annotated again count as new; their kind, too.
    for number in 0..<40 {
      try store.save(UnitRecord("u\(number)", sequence: 11, cluster: id, modality: "CR"))
    }
    #expect(try change().kept == 3)
    #expect(try abs(change().mix - 40.0 / 63) < 1e-12)
    try store.retire(cluster: id, generation: 2, successor: id)
    #expect(try store.changesSinceReview(limit: 0.25).isEmpty)
  }

  @Test(arguments: StoreKind.allCases)
  func `an old label stands for the cluster that holds most of its units`(_ kind: StoreKind) throws
  {
    let store = try FreshStore(kind).store
    let ids = try (0..<4).map { _ in try store.makeCluster(generation: 1) }
    try Self.units(
      store, Dictionary(uniqueKeysWithValues: (0..<10).map { ("u\($0)", ids[0]) }))
    #expect(try store.resolve(cluster: ids[0]) == ids[0])
    try store.retire(cluster: ids[0], generation: 2, successor: ids[1])
    // Lineage said 1; later most of them are in 2.
    #expect(try store.resolve(cluster: ids[0]) == ids[1])
    for number in 0..<10 {
      try store.save(UnitRecord("u\(number)", sequence: 2, cluster: number < 3 ? ids[1] : ids[2]))
    }
    #expect(try store.resolve(cluster: ids[0]) == ids[2])
    try store.retire(cluster: ids[2], generation: 3, successor: ids[3])
    for number in 3..<10 { try store.save(UnitRecord("u\(number)", sequence: 3, cluster: ids[3])) }
    #expect(try store.resolve(cluster: ids[0]) == ids[3])
    #expect(try store.resolve(cluster: ids[2]) == ids[3])
    try store.restore(cluster: ids[0])
    #expect(try store.resolve(cluster: ids[0]) == ids[0])
    #expect(try store.resolve(cluster: 99) == nil)
  }

  @Test(arguments: StoreKind.allCases)
  func `placements and proposals are kept until they are removed`(_ kind: StoreKind) throws {
    let store = try FreshStore(kind).store
    let placement = Placement(cluster: 3, excluded: [1, 2])
    try store.setPlacement(placement, unit: "a")
    try store.setPlacement(Placement(excluded: [5]), unit: "b")
    #expect(try store.placements() == ["a": placement, "b": Placement(excluded: [5])])
    try store.setPlacement(Placement(cluster: 4), unit: "a")
    try store.setPlacement(nil, unit: "b")
    #expect(try store.placements() == ["a": Placement(cluster: 4)])

    let merge = try store.add(.merge, clusters: [3, 4, 5])
    let split = try store.add(.split, clusters: [6])
    #expect(
      try store.proposals() == [
        Proposal(number: merge, kind: .merge, clusters: [3, 4, 5]),
        Proposal(number: split, kind: .split, clusters: [6]),
      ])
    try store.removeProposals([split])
    #expect(try store.proposals().map(\.number) == [merge])
    #expect(try store.add(.split, clusters: [7]) > split)
  }
}
