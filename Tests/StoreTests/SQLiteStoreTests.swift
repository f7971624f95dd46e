import Core
import Foundation
import TestSupport
import Testing

@testable import Store

/// Tests specific to SQLite. Those for every store are in Conformance.
@Suite struct SQLiteStoreTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a store of a newer version is refused and not changed`() throws {
    let path = folder.path + "/newer.sqlite"
    try Database(path: path, readOnly: false).execute("PRAGMA user_version = 99")
    let error = #expect(throws: FileError.self) { try SQLiteStore(path: path) }
    #expect(error?.problem.contains("newer") == true)
  }

  @Test func `opening a missing store for reading fails`() {
    #expect(throws: FileError.self) { try SQLiteStore(path: "/nowhere/s.sqlite", readOnly: true) }
  }

  @Test func `a file that is not a database is refused`() throws {
    let path = try folder.file("x.sqlite", String(repeating: "not a database ", count: 100))
    #expect(throws: StoreError.self) { try SQLiteStore(path: path) }
  }

  @Test func `a migration first backs up the store beside it`() throws {
    let path = folder.path + "/old.sqlite"
    do {
      let old = try Database(path: path, readOnly: false)
      try old.execute(Migrations.steps[0])
      try old.execute("INSERT INTO meta VALUES ('site', 'here'); PRAGMA user_version = 1")
    }
    let store = try SQLiteStore(path: path)
    #expect(try store.meta("site") == "here")
    let backup = try Database(path: path + ".schema-1", readOnly: true)
    #expect(try backup.first("PRAGMA user_version") { $0.int("user_version") } == 1)
    #expect(try backup.first("SELECT value FROM meta") { $0.text("value") } == "here")
    #expect(!FileManager.default.fileExists(atPath: path + ".schema-1.part"))
  }
}
