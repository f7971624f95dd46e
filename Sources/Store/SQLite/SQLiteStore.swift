import Core
import Foundation
import Glibc

/// A store in one SQLite file with a write-ahead log.
package final class SQLiteStore: Store {
  let database: Database
  private let path: String
  /// Device and inode of the open file.
  private let identity: (device: dev_t, inode: ino_t)

  /// Opens the store. Creates or migrates it unless `readOnly`.
  ///
  /// - Throws: `StoreError`; `FileError` when it is missing or was written by a newer version.
  package init(path: String, readOnly: Bool = false) throws {
    var information = stat()
    if readOnly, stat(path, &information) != 0 {
      throw errno == ENOENT
        ? FileError(path: path, problem: "there is no store yet: has radiologynetd run?")
        : FileError(path: path)
    }
    self.path = path
    // The reader may be a command run by root, and SQLite opens files beside the one it is given.
    database = try asOwner(of: path.parentFolder) {
      let database = try Database(path: path, readOnly: readOnly)
      if readOnly { try database.execute("PRAGMA user_version") }
      return database
    }
    stat(path, &information)
    identity = (information.st_dev, information.st_ino)
    if !readOnly {
      // For a new store: a unit's row with a vector of 400 numbers fits into a quarter of a page. SQLite moves larger
      // rows to overflow pages.
      try database.execute("PRAGMA page_size = 8192")
      try database.execute("PRAGMA journal_mode = WAL")
      // Keys are effectively random, so a batch of studies touches most index pages. With SQLite's default cache of
      // 2 MB they would be written and read again within one transaction, and a write-ahead log of 8 MB would be
      // checkpointed every third transaction.
      try database.execute("PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4000")
    }
    try database.execute("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY")
    let version = try database.first("PRAGMA user_version") { $0.int("user_version") } ?? 0
    guard version <= Migrations.current else {
      throw FileError(
        path: path,
        problem:
          "schema \(version) is newer than this version's \(Migrations.current); upgrade radiologynet",
        exitCode: .data)
    }
    guard !readOnly else {
      guard version == Migrations.current else {
        throw FileError(
          path: path, problem: "schema \(version) is old; start radiologynetd to migrate it",
          exitCode: .temporaryFailure)
      }
      return
    }
    if version > 0 && version < Migrations.current { try backUp(schema: version) }
    for step in version..<Migrations.current {
      try database.transaction {
        try database.execute(Migrations.steps[step])
        try database.execute("PRAGMA user_version = \(step + 1)")
      }
    }
  }

  /// Backs up the store to a file beside it before a migration. The backup is complete or doesn't exist.
  private func backUp(schema: Int) throws {
    let backup = "\(path).schema-\(schema)"
    guard !FileManager.default.fileExists(atPath: backup) else { return }
    unlink(backup + ".part")
    // SQLite fills an empty file and keeps its owner and mode.
    close(try openOrMake(backup + ".part", O_RDWR))
    try database.run("VACUUM INTO ?", [.text(backup + ".part")])
    guard rename(backup + ".part", backup) == 0 else {
      throw FileError(path: backup)
    }
  }

  package var place: String { path }

  @discardableResult
  package func transaction<Value>(isDurable: Bool, _ body: () throws -> Value) throws -> Value {
    try database.transaction(isDurable: isDurable, body)
  }

  package func damage() throws -> String? {
    let answer = try database.first("PRAGMA quick_check(1)") { $0.text("quick_check") }
    return answer == "ok" ? nil : answer
  }

  package func meta(_ key: String) throws -> String? {
    try database.first("SELECT value FROM meta WHERE key = ?", [.text(key)]) { $0.text("value") }
  }

  package func probe() throws {
    var information = stat()
    guard stat(path, &information) == 0,
      (information.st_dev, information.st_ino) == identity
    else {
      throw FileError(
        path: path,
        problem: "it was removed or replaced while it was open; stop radiologynetd and put it back")
    }
    try transaction(isDurable: false) { try setMeta("probed", timestamp()) }
    // Commits that are not checkpointed yet exist only there.
    guard access(path + "-wal", F_OK) == 0 else {
      throw FileError(
        path: path + "-wal", problem: "it was removed while it was open; restart radiologynetd")
    }
  }

  package func setMeta(_ key: String, _ value: String) throws {
    try database.run(
      "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
      [.text(key), .text(value)])
  }
}
