import Core
import Store
import Testing

@Suite struct LedgerTests {
  private static func entry(_ key: String, _ outcome: FileOutcome) -> LedgerEntry {
    LedgerEntry(
      pathKey: key, version: FileVersion(size: 1, modified: 2), digest: nil, outcome: outcome)
  }

  @Test(arguments: StoreKind.allCases)
  func `a released file is forgotten, so that it is read again`(_ kind: StoreKind) throws {
    let fresh = try FreshStore(kind)
    let rejection = Rejection(.malformed, "why")
    try fresh.store.quarantine(Self.entry("p", .quarantined), rejection, time: "t")
    #expect(try fresh.store.quarantined().map(\.reason) == ["malformed"])
    #expect(try fresh.store.isQuarantined("p", rejection))
    #expect(try !fresh.store.isQuarantined("p", Rejection(.malformed, "another")))
    #expect(try fresh.store.releaseQuarantined("p"))
    #expect(try !fresh.store.releaseQuarantined("p"))
    var known = 0
    try fresh.store.ledger(from: "", upTo: "z") { _, _ in known += 1 }
    #expect(known == 0)
  }

  @Test(arguments: StoreKind.allCases)
  func `file counts follow every change of the ledger`(_ kind: StoreKind) throws {
    let store = try FreshStore(kind).store
    for key in ["a", "b", "c"] { try store.record(Self.entry(key, .instance)) }
    try store.record(Self.entry("a", .instance))
    try store.record(Self.entry("b", .duplicate))
    #expect(try store.fileCounts() == ["instance": 2, "duplicate": 1])
    try store.quarantine(
      Self.entry("c", .quarantined), Rejection(.malformed, "why"), time: "t")
    #expect(try store.fileCounts() == ["instance": 1, "duplicate": 1, "quarantined": 1])
    #expect(try store.releaseQuarantined("c"))
    #expect(try store.fileCounts() == ["instance": 1, "duplicate": 1])
  }

  @Test(arguments: StoreKind.allCases)
  func `a file's version is read back, complete or partial`(_ kind: StoreKind) throws {
    let store = try FreshStore(kind).store
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
    try store.forget("a")
    #expect(try store.file("a") == nil)
  }

  @Test(arguments: StoreKind.allCases)
  func `the ledger is read by range, in order of key`(_ kind: StoreKind) throws {
    let store = try FreshStore(kind).store
    for key in ["c", "a", "b", "d"] { try store.record(Self.entry(key, .instance)) }
    var keys: [String] = []
    try store.ledger(from: "b", upTo: "d") { key, _ in
      keys.append(String(decoding: key, as: UTF8.self))
    }
    #expect(keys == ["b", "c"])
  }

  @Test(arguments: StoreKind.allCases)
  func `waiting items are read back with their age`(_ kind: StoreKind) throws {
    let store = try FreshStore(kind).store
    let items = ["a", "b"].map { WaitingItem(kind: .report, key: $0) }
    try store.saveWaiting(items[0], since: 100, isAnnounced: false)
    try store.saveWaiting(items[1], since: 50, isAnnounced: true)
    try store.saveWaiting(items[0], since: 100, isAnnounced: true)
    #expect(try store.waitingItems()[items[0]]?.isAnnounced == true)
    let summary = try store.waitingSummary()[.report]
    #expect(summary?.count == 2 && summary?.oldest == 50)
    try store.dropWaiting(items[1])
    #expect(try store.waitingSummary()[.report]?.oldest == 100)
  }
}
