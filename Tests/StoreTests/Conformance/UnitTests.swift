import Core
import Foundation
import Store
import TestSupport
import Testing

@Suite struct UnitTests {
  @Test(arguments: StoreKind.allCases)
  func `a unit is read back as it was saved`(_ kind: StoreKind) throws {
    let store = try FreshStore(kind).store
    let unit = UnitRecord(
      "u", sequence: 9, values: [1.5, -0.25, .leastNonzeroMagnitude], mask: [BlockMask(.image)],
      cluster: 17, window: 3)
    try store.save(unit)
    let read = try #require(try store.unit("u"))
    #expect("\(read)" == "\(unit)")
    #expect(read.embedding == unit.embedding)
  }

  @Test(arguments: StoreKind.allCases)
  func `vectors are in order of key, of one bundle only`(_ kind: StoreKind) throws {
    let store = try FreshStore(kind).store
    for (key, bundle) in [("b", "x"), ("a", "x"), ("c", "y")] {
      try store.save(UnitRecord(key, bundle: bundle, values: [Float(key.utf8.first!), 1]))
    }
    var read: [String: [Float]] = [:]
    var order: [String] = []
    try store.vectors(bundle: "x") {
      order.append($0.unitKey)
      read[$0.unitKey] = Array($1)
    }
    #expect(order == ["a", "b"] && read == ["a": [97, 1], "b": [98, 1]])
    var units: [String] = []
    try store.units(bundle: "y") { units.append($0.unitKey) }
    #expect(units == ["c"])
    #expect(try store.unitCount() == 3)
  }

  @Test(arguments: StoreKind.allCases)
  func `units are found by the beginning of their key or their study's`(_ kind: StoreKind) throws {
    let store = try FreshStore(kind).store
    for key in ["ab1", "ab2", "b", "series"] { try store.save(UnitRecord(key)) }
    try store.save(InstanceRecord("i"), studyKey: "b-study", bundle: "b")
    #expect(try store.unitKeys(startingWith: "ab", limit: 9) == ["ab1", "ab2"])
    #expect(try store.unitKeys(startingWith: "ab", limit: 1) == ["ab1"])
    #expect(try store.unitKeys(startingWith: "b", limit: 9) == ["b", "series"])
    #expect(try store.unitKeys(startingWith: "ab2", limit: 9) == ["ab2"])
    #expect(try store.unitKeys(startingWith: "%", limit: 9).isEmpty)
  }

  @Test(arguments: StoreKind.allCases)
  func `units annotated after an event are known`(_ kind: StoreKind) throws {
    let store = try FreshStore(kind).store
    for (kind, key) in [
      (Event.Kind.annotation, "a"), (.annotation, "b"), (.lifecycle, "c"), (.revision, "a"),
      (.revision, "a"),
    ] { try store.append(Event(kind, ["unit_key": .string(key)]), time: "t") }
    #expect(try store.annotatedUnits(after: 0).sorted() == ["a", "b"])
    #expect(try store.annotatedUnits(after: 2) == ["a"])
    #expect(try store.annotatedUnits(after: 5).isEmpty)
  }

  @Test(arguments: StoreKind.allCases)
  func `cluster sizes are counted in total, by window and by modality`(_ kind: StoreKind) throws {
    let store = try FreshStore(kind).store
    for (index, modality) in ["CT", "MR", "CT", nil].enumerated() {
      try store.save(
        UnitRecord(
          "\(index)", cluster: index < 3 ? 1 : 2, window: index == 0 ? 5 : nil, modality: modality))
    }
    #expect(try store.clusterSizes() == [1: 3, 2: 1])
    #expect(try store.windowSizes(generation: 5) == [1: 1])
    let mix = try store.composition(cluster: 1, of: .modality)
    #expect(mix.map(\.value) == ["CT", "MR"] && mix.map(\.count) == [2, 1])
    #expect(try store.composition(cluster: 2, of: .modality).map(\.value) == [""])
  }

  @Test(arguments: StoreKind.allCases)
  func `labels resolve through any number of reclusters`(_ kind: StoreKind) throws {
    let store = try FreshStore(kind).store
    let ids = try (1...4).map { try store.makeCluster(generation: $0) }
    try store.retire(cluster: ids[0], generation: 2, successor: ids[1])
    try store.retire(cluster: ids[1], generation: 3, successor: ids[3])
    #expect(try store.resolve(cluster: ids[0]) == ids[3])
    #expect(try store.resolve(cluster: ids[2]) == ids[2])
    #expect(try store.resolve(cluster: 99) == nil)
    try store.restore(cluster: ids[0])
    #expect(try store.resolve(cluster: ids[0]) == ids[0])
    #expect(ClusterRecord.label(17) == "c0017")
    #expect(ClusterRecord.label(123_456) == "c123456")
  }

  @Test(arguments: StoreKind.allCases)
  func `a generation is read back with its centroids, and follows the stream`(_ kind: StoreKind)
    throws
  {
    let store = try FreshStore(kind).store
    let centroids = (0..<3).map { position in
      CentroidRecord(
        cluster: position + 1, vector: [Float(position), 0.5], occupancy: 10 * position,
        radius: 1.5,
        novelty: 2.5, onlineVector: [Float(position), 0.5], weights: [1, 0, 2],
        referenceWeights: [1, 0, 2])
    }
    for number in [1, 2] {
      try store.save(
        GenerationRecord(
          number: number, time: "t", bundle: "b", reason: "manual", units: 30, inertia: 0.25,
          figures: "{}"), centroids)
    }
    #expect(try store.generations().map(\.number) == [2, 1])
    #expect("\(try store.centroids(generation: 2))" == "\(centroids)")
    #expect(try store.occupancies(generation: 1).map(\.units) == [0, 10, 20])
    try store.saveOnline(generation: 2, position: 1, vector: [7, 8], weights: [3, 0, 4])
    let moved = try store.centroids(generation: 2)[1]
    #expect(
      moved.onlineVector == [7, 8] && moved.vector == [1, 0.5] && moved.weights == [3, 0, 4])
    #expect(moved.referenceWeights == [1, 0, 2])
    #expect(try store.centroids(generation: 1)[1].onlineVector == [1, 0.5])
  }

  @Test(arguments: StoreKind.allCases)
  func `a review is kept, and at most one fit is pending approval`(_ kind: StoreKind) throws {
    let store = try FreshStore(kind).store
    let id = try store.makeCluster(generation: 1)
    try store.review(cluster: id, name: "Köpfe", trust: .accepted, nil)
    let cluster = try #require(try store.clusters().first)
    #expect(cluster.name == "Köpfe" && cluster.trust == "accepted" && cluster.retired == nil)
    #expect(try store.pendingApproval() == nil)
    for generation in [1, 2] {
      try store.setPendingApproval(
        PendingRecluster(
          generation: generation, time: "t", reason: "drift", clustering: Data([1, 2]),
          figures: "{}", proposals: [3, 7]))
    }
    #expect(try store.pendingApproval()?.proposals == [3, 7])
    #expect(
      try store.pendingApproval()?.generation == 2
        && store.pendingApproval()?.clustering == Data([1, 2]))
    try store.setPendingApproval(nil)
    #expect(try store.pendingApproval() == nil)
  }

  @Test(arguments: StoreKind.allCases)
  func `another bundle's vectors are adopted, and newer units are read again`(_ kind: StoreKind)
    throws
  {
    let folder = try TemporaryFolder()
    let store = try kind.location(in: folder).open()
    let shadow = kind.location(in: folder, "shadow")
    do {
      let other = try shadow.open()
      for key in ["a", "b"] {
        try other.save(UnitRecord(key, bundle: "new", values: [9]))
        try other.save(InstanceRecord(key, image: [9]), studyKey: key, bundle: "new")
      }
    }
    for (key, sequence) in [("a", 1), ("b", 8), ("c", 2)] {
      try store.saveStudy(key, accessionKey: nil)
      try store.save(UnitRecord(key, sequence: sequence, bundle: "old"))
      try store.save(InstanceRecord(key), studyKey: key, bundle: "old")
      try store.record(
        LedgerEntry(
          pathKey: "path \(key)", version: FileVersion(size: 1, modified: 2), digest: "d",
          outcome: .instance, studyKey: key, instanceKey: key))
    }
    let adopted = try store.attaching(shadow) {
      try store.transaction { try store.adopt(bundle: "new", through: 5) }
    }
    #expect(adopted.forgotten.sorted() == ["path b", "path c"] && adopted.waiting == 2)
    #expect(try store.unit("a")?.embedding.values == [9] && store.unit("a")?.bundle == "new")
    #expect(try store.unit("b")?.bundle == "old" && store.file("path b") == nil)
    #expect(try store.instanceDigest("b")?.digest == "" && store.instanceDigest("a")?.digest == "d")
  }
}
