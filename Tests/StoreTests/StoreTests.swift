import Core
import Foundation
import TestSupport
import Testing

@testable import Store

@Suite struct StoreTests {
  private let folder: TemporaryFolder
  private let store: Store

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(path: folder.path + "/s.sqlite")
  }

  @Test func `sequence numbers have no gaps, whatever fails`() throws {
    struct Failure: Error {}
    for index in 0..<20 {
      let body = {
        try self.store.append(Event(.lifecycle, ["i": .int(index)]), time: "t")
        if index % 3 == 0 { throw Failure() }
      }
      if index % 3 == 0 {
        #expect(throws: Failure.self) { try self.store.transaction(body) }
      } else {
        try store.transaction(body)
      }
    }
    let lines = try store.lines(after: 0, limit: 100)
    #expect(lines.map(\.sequence) == Array(1...13))
  }

  @Test func `a unit comes back as it was saved`() throws {
    let unit = UnitRecord(
      unitKey: "u", studyKey: "s", revision: 2, lastSequence: 9, bundle: "b",
      embedding: Embedding(
        values: [1.5, -0.25, .leastNonzeroMagnitude], mask: [BlockMask(.image)]),
      cluster: 17, windowGeneration: nil, instances: 3, frames: 7, modality: "CT", bodyPart: nil,
      decodePath: "native")
    try store.save(unit)
    let read = try #require(try store.unit("u"))
    #expect("\(read)" == "\(unit)")
    #expect(read.embedding == unit.embedding)
  }

  @Test func `labels resolve through any number of reclusters`() throws {
    let ids = try (1...4).map { try store.makeCluster(generation: $0) }
    try store.retire(cluster: ids[0], generation: 2, successor: ids[1])
    try store.retire(cluster: ids[1], generation: 3, successor: ids[3])
    #expect(try store.resolve(cluster: ids[0]) == ids[3])
    #expect(try store.resolve(cluster: ids[2]) == ids[2])
    #expect(try store.resolve(cluster: 99) == nil)
    #expect(ClusterRecord.label(17) == "c0017")
    #expect(ClusterRecord.label(123_456) == "c123456")
  }

  @Test(arguments: [["a", "b"], ["b", "a"], ["b", "a", "b"], ["a", "a"]])
  func `the picture is that of the smallest instance, whatever came first`(order: [String]) throws {
    for key in order { try store.saveThumbnail(Data(key.utf8), unit: "u", instance: key) }
    #expect(try store.thumbnail("u") == Data("a".utf8))
    try store.dropThumbnail(instance: "b")
    #expect(try store.hasThumbnail("u"))
    try store.dropThumbnail(instance: "a")
    #expect(try store.thumbnail("u") == nil)
  }

  @Test func `a released file is forgotten, so that it is taken again`() throws {
    let entry = LedgerEntry(
      pathKey: "p", version: FileVersion(size: 1, modified: 2), digest: nil, outcome: .quarantined)
    try store.quarantine(entry, Rejection(.malformed, "why"), time: "t")
    #expect(try store.quarantined().map(\.reason) == ["malformed"])
    #expect(try store.releaseQuarantined("p"))
    #expect(try !store.releaseQuarantined("p"))
    var known = 0
    try store.ledger(from: "", upTo: "z") { _, _ in known += 1 }
    #expect(known == 0)
  }

  @Test func `files are counted through every change of the ledger`() throws {
    func entry(_ key: String, _ outcome: FileOutcome) -> LedgerEntry {
      LedgerEntry(
        pathKey: key, version: FileVersion(size: 1, modified: 2), digest: nil, outcome: outcome)
    }
    for key in ["a", "b", "c"] { try store.record(entry(key, .instance)) }
    try store.record(entry("a", .instance))
    try store.record(entry("b", .duplicate))
    #expect(try store.fileCounts() == ["instance": 2, "duplicate": 1])
    try store.quarantine(entry("c", .quarantined), Rejection(.malformed, "why"), time: "t")
    #expect(try store.fileCounts() == ["instance": 1, "duplicate": 1, "quarantined": 1])
    #expect(try store.releaseQuarantined("c"))
    #expect(try store.fileCounts() == ["instance": 1, "duplicate": 1])
  }

  @Test func `a file's version comes back, known in part or whole`() throws {
    let old = FileVersion(size: 1, modified: 2)
    let new = FileVersion(size: 1, modified: 2, inode: -3, changed: 4)
    for (key, version) in [("a", old), ("b", new)] {
      try store.record(LedgerEntry(pathKey: key, version: version, digest: "d", outcome: .instance))
    }
    #expect(try ["a", "b"].map { try store.file($0)?.version } == [old, new])
    try store.renew("a", new)
    let row = try #require(try store.file("a"))
    #expect(row.version == new)
    #expect(row.digest == "d" && row.outcome == .instance)
    var versions: [FileVersion] = []
    try store.ledger(from: "", upTo: "z") { versions.append($1) }
    #expect(versions == [new, new])
  }

  @Test func `a store of a newer version is refused, not touched`() throws {
    let path = folder.path + "/newer.sqlite"
    try Database(path: path, readOnly: false).execute("PRAGMA user_version = 99")
    let error = #expect(throws: FileError.self) { try Store(path: path) }
    #expect(error?.problem.contains("newer") == true)
  }

  @Test func `reading needs a store that is there`() {
    #expect(throws: FileError.self) { try Store(path: "/nowhere/s.sqlite", readOnly: true) }
  }

  @Test func `a file that is no database is named`() throws {
    let path = try folder.file("x.sqlite", String(repeating: "not a database ", count: 100))
    #expect(throws: StoreError.self) { try Store(path: path) }
  }

  @Test func `a migration keeps the store as it was beside itself`() throws {
    let path = folder.path + "/old.sqlite"
    do {
      let old = try Database(path: path, readOnly: false)
      try old.execute(Migrations.steps[0])
      try old.execute("INSERT INTO meta VALUES ('site', 'here'); PRAGMA user_version = 1")
    }
    let store = try Store(path: path)
    #expect(try store.meta("site") == "here")
    let backup = try Database(path: path + ".schema-1", readOnly: true)
    #expect(try backup.first("PRAGMA user_version") { $0.int(0) } == 1)
    #expect(try backup.first("SELECT value FROM meta") { $0.text(0) } == "here")
    #expect(!FileManager.default.fileExists(atPath: path + ".schema-1.part"))
  }
}
