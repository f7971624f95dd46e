import Core
import Store
import TestSupport
import Testing

@Suite struct TransactionTests {
  private struct Failure: Error {}

  @Test(arguments: StoreKind.allCases)
  func `sequence numbers have no gaps, whatever fails`(_ kind: StoreKind) throws {
    let fresh = try FreshStore(kind)
    for index in 0..<20 {
      let body = {
        try fresh.store.append(Event(.lifecycle, ["i": .int(index)]), time: "t")
        if index % 3 == 0 { throw Failure() }
      }
      if index % 3 == 0 {
        #expect(throws: Failure.self) { try fresh.store.transaction(body) }
      } else {
        try fresh.store.transaction(body)
      }
    }
    let lines = try fresh.store.lines(after: 0, limit: 100)
    #expect(lines.map(\.sequence) == Array(1...13))
    #expect(try fresh.store.lines(after: 4, limit: 2).map(\.sequence) == [5, 6])
    #expect(try fresh.store.lastSequence() == 13)
    #expect(try fresh.store.eventCounts() == ["lifecycle": 13])
  }

  @Test(arguments: StoreKind.allCases, [true, false])
  func `a failed transaction leaves no trace`(_ kind: StoreKind, _ isDurable: Bool)
    throws
  {
    let fresh = try FreshStore(kind)
    #expect(throws: Failure.self) {
      try fresh.store.transaction(isDurable: isDurable) {
        try fresh.store.setMeta("k", "v")
        try fresh.store.save(UnitRecord("u"))
        throw Failure()
      }
    }
    #expect(try fresh.store.meta("k") == nil && fresh.store.unit("u") == nil)
    try fresh.store.transaction(isDurable: isDurable) { try fresh.store.setMeta("k", "w") }
    #expect(try fresh.store.meta("k") == "w")
  }

  @Test(arguments: StoreKind.allCases)
  func `a reader sees committed data only`(_ kind: StoreKind) throws {
    let folder = try TemporaryFolder()
    let writer = try kind.location(in: folder).open()
    let reader = try kind.location(in: folder).open(readOnly: true)
    try writer.transaction {
      try writer.setMeta("k", "v")
      #expect(try reader.meta("k") == nil)
    }
    #expect(try reader.meta("k") == "v")
    #expect(throws: (any Error).self) { try reader.setMeta("k", "x") }
  }

  @Test(arguments: StoreKind.allCases)
  func `an event's line begins with its number, its time and its type`(_ kind: StoreKind) throws {
    let fresh = try FreshStore(kind)
    try fresh.store.transaction {
      try fresh.store.append(Event(.drift, ["alarm": true]), time: "2026-11-28T00:00:00Z")
    }
    let line = try fresh.store.lines(after: 0, limit: 1).first?.line
    #expect(line == #"{"seq":1,"time":"2026-11-28T00:00:00Z","type":"drift","alarm":true}"#)
    #expect(try fresh.store.events(.drift).map { $0["alarm"]?.bool } == [true])
    #expect(try fresh.store.events(.lineage).isEmpty)
  }

  @Test(arguments: StoreKind.allCases)
  func `a new store is writable, sound and bound to its site key`(_ kind: StoreKind)
    throws
  {
    let fresh = try FreshStore(kind)
    try fresh.store.probe()
    #expect(try fresh.store.damage() == nil)
    let key = try SiteKey.load(stateDirectory: fresh.folder.path)
    try fresh.store.check(key)
    try fresh.store.check(key)
    let other = try SiteKey.load(stateDirectory: try fresh.folder.folder("other"))
    #expect(try fresh.store.isForeign(to: other) && !fresh.store.isForeign(to: key))
    #expect(throws: FileError.self) { try fresh.store.check(other) }
  }

  @Test(arguments: StoreKind.allCases)
  func `watched folders are read back`(_ kind: StoreKind) throws {
    let fresh = try FreshStore(kind)
    #expect(try fresh.store.watchedFolders().isEmpty)
    try fresh.store.note(watchedFolders: ["/a": "1:2", "/b": "3"])
    #expect(try fresh.store.watchedFolders() == ["/a": "1:2", "/b": "3"])
  }
}
