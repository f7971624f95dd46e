internal import CSQLite
import Core
import Foundation
import Glibc

/// An error of SQLite, with the statement that caused it.
package struct StoreError: ServiceError, ExitingError, CustomStringConvertible {
  package let code: Int32
  package let message: String
  package let statement: String

  package var description: String {
    "store: \(message) (SQLite \(code)) in: \(statement.prefix(120))"
      + (remedy.map { "; \($0)" } ?? "")
  }

  /// The remedy, for someone who runs a command; `nil` if none is known.
  package var remedy: String? {
    switch code & 0xff {
    case SQLITE_CORRUPT, SQLITE_NOTADB:
      "the store is damaged: stop radiologynetd and restore it from a backup"
    case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY, SQLITE_AUTH:
      "run this as a member of group radiologynet, or as root"
    case SQLITE_FULL: "make room on its disk"
    case SQLITE_BUSY, SQLITE_LOCKED: "another program has locked it: try again"
    case SQLITE_IOERR: "its disk is failing or full: check the system journal"
    default: nil
    }
  }

  /// Whether the file is damaged or is not a database.
  package var isDamage: Bool { [SQLITE_CORRUPT, SQLITE_NOTADB].contains(code & 0xff) }

  package var exitCode: ExitCode {
    switch code & 0xff {
    case SQLITE_CORRUPT, SQLITE_NOTADB: .data
    case SQLITE_CANTOPEN: .noInput
    case SQLITE_PERM, SQLITE_READONLY, SQLITE_AUTH: .permission
    case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_NOMEM: .temporaryFailure
    case SQLITE_FULL, SQLITE_IOERR: .io
    default: .software
    }
  }

  /// Retry helps if the disk is full or the file can't be written at the moment.
  package var response: ErrorResponse {
    let temporary = [SQLITE_FULL, SQLITE_BUSY, SQLITE_LOCKED, SQLITE_IOERR, SQLITE_NOMEM]
    return temporary.contains(code & 0xff) ? .retry : .stop
  }
}

/// A value bound to a statement.
package enum Bound: Sendable {
  case null
  case int(Int)
  case double(Double)
  case text(String)
  case blob(Data)

  package static func optional(_ text: String?) -> Bound { text.map(Bound.text) ?? .null }
  package static func optional(_ number: Int?) -> Bound { number.map(Bound.int) ?? .null }
}

/// One connection, for one thread at a time. Prepared statements are cached.
final class Database {
  private let handle: OpaquePointer
  private var prepared: [String: Statement] = [:]
  /// Whether commits wait for the disk. The value set before a transaction applies to it.
  private var waitsForDisk: Bool?

  /// - Parameter readOnly: opens an existing store and never writes to it.
  /// - Throws: `StoreError`; `FileError` when one of its files is not a regular file.
  init(path: String, readOnly: Bool) throws {
    // SQLite would block on a pipe until it has a writer.
    for file in ["", "-journal", "-wal", "-shm"].map({ path + $0 }) {
      var information = stat()
      if stat(file, &information) == 0, information.st_mode & S_IFMT != S_IFREG {
        throw FileError(path: file, problem: "is not a regular file: move it away", exitCode: .data)
      }
    }
    var opened: OpaquePointer?
    let flags =
      (readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
      | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI
    // Created here because SQLite would make it world-readable. Its other files take over this one's mode.
    if !readOnly, path != ":memory:" {
      close(try openOrMake(path, O_RDWR))
    }
    let name = readOnly && Self.isAtRest(path) ? Self.immutable(path) : path
    let code = sqlite3_open_v2(name, &opened, flags, nil)
    guard code == SQLITE_OK, let opened else {
      let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      sqlite3_close_v2(opened)
      throw StoreError(code: code, message: "\(path): \(message)", statement: "open")
    }
    handle = opened
    sqlite3_busy_timeout(handle, 10_000)
    sqlite3_extended_result_codes(handle, 1)
  }

  /// Whether no one has the store open and its folder isn't writable. Even to read, SQLite would create the files of
  /// its write-ahead log there; a store that no one changes doesn't need them.
  private static func isAtRest(_ path: String) -> Bool {
    let folder = path.parentFolder
    return access(path + "-wal", F_OK) != 0 && access(folder.isEmpty ? "." : folder, W_OK) != 0
  }

  private static func immutable(_ path: String) -> String {
    let escaped = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
    return "file:\(escaped)?immutable=1"
  }

  deinit {
    // Statements that are still alive keep the connection open until they are finalized.
    sqlite3_close_v2(handle)
  }

  /// Runs statements that return nothing and take no values.
  func execute(_ script: String) throws {
    guard sqlite3_exec(handle, script, nil, nil, nil) == SQLITE_OK else { throw failure(script) }
  }

  /// Runs one statement and passes each result row to `row`.
  func run(_ text: String, _ values: [Bound] = [], row: (Row) throws -> Void = { _ in }) throws {
    let statement = try prepare(text)
    let handle = statement.handle
    defer {
      sqlite3_reset(handle)
      sqlite3_clear_bindings(handle)
    }
    for (index, value) in values.enumerated() {
      guard bind(value, to: handle, at: Int32(index + 1)) == SQLITE_OK else {
        throw failure(text)
      }
    }
    while true {
      switch sqlite3_step(handle) {
      case SQLITE_ROW: try row(Row(statement))
      case SQLITE_DONE: return
      default: throw failure(text)
      }
    }
  }

  /// The first row's result; `nil` without rows.
  func first<Value>(_ statement: String, _ values: [Bound] = [], _ read: (Row) -> Value) throws
    -> Value?
  {
    var result: Value?
    try run(statement, values) { if result == nil { result = read($0) } }
    return result
  }

  /// Commits all of `body` or, if it throws, nothing.
  ///
  /// - Parameter isDurable: waits for the disk, because a sequence number that reached the log must never be reused.
  ///   Otherwise a power cut may undo the transaction until a durable one has followed.
  @discardableResult
  func transaction<Value>(isDurable: Bool = true, _ body: () throws -> Value) throws -> Value {
    if isDurable != waitsForDisk {
      try execute("PRAGMA synchronous = \(isDurable ? "FULL" : "NORMAL")")
      waitsForDisk = isDurable
    }
    try execute("BEGIN IMMEDIATE")
    do {
      let value = try body()
      try execute("COMMIT")
      return value
    } catch {
      // The transaction may already be rolled back (full disk). Report the first error.
      try? execute("ROLLBACK")
      throw error
    }
  }

  private func prepare(_ text: String) throws -> Statement {
    if let known = prepared[text] { return known }
    var made: OpaquePointer?
    guard
      sqlite3_prepare_v3(handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
        == SQLITE_OK,
      let made
    else { throw failure(text) }
    let statement = Statement(made)
    prepared[text] = statement
    return statement
  }

  private func bind(_ value: Bound, to statement: OpaquePointer, at index: Int32) -> Int32 {
    switch value {
    case .null: sqlite3_bind_null(statement, index)
    case .int(let number): sqlite3_bind_int64(statement, index, Int64(number))
    case .double(let number): sqlite3_bind_double(statement, index, number)
    case .text(let text): sqlite3_bind_text(statement, index, text, -1, csqlite_transient())
    case .blob(let data):
      data.withUnsafeBytes {
        sqlite3_bind_blob64(statement, index, $0.baseAddress, UInt64($0.count), csqlite_transient())
      }
    }
  }

  private func failure(_ statement: String) -> StoreError {
    StoreError(
      code: sqlite3_extended_errcode(handle), message: String(cString: sqlite3_errmsg(handle)),
      statement: statement)
  }
}
