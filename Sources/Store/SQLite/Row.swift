internal import CSQLite
import Core
import Foundation
import Glibc

/// A prepared statement.
final class Statement {
  let handle: OpaquePointer
  /// Names of the result's columns.
  private(set) lazy var columns: [[UInt8]] = (0..<sqlite3_column_count(handle)).map { column in
    sqlite3_column_name(handle, column).map { Array(String(cString: $0).utf8) } ?? []
  }

  init(_ handle: OpaquePointer) { self.handle = handle }

  deinit { sqlite3_finalize(handle) }
}

/// The current row of a running statement. Columns are read by name. A name that the statement does not select is a
/// programming error and traps.
struct Row {
  private let handle: OpaquePointer
  private let columns: [[UInt8]]

  init(_ statement: Statement) {
    handle = statement.handle
    columns = statement.columns
  }

  private func index(_ name: StaticString) -> Int32 {
    for (index, column) in columns.enumerated()
    where column.count == name.utf8CodeUnitCount
      && memcmp(column, name.utf8Start, column.count) == 0
    { return Int32(index) }
    preconditionFailure("the statement selects no \(name)")
  }

  func isNull(_ name: StaticString) -> Bool {
    sqlite3_column_type(handle, index(name)) == SQLITE_NULL
  }
  func int(_ name: StaticString) -> Int { Int(sqlite3_column_int64(handle, index(name))) }
  func flag(_ name: StaticString) -> Bool { int(name) != 0 }
  func double(_ name: StaticString) -> Double { sqlite3_column_double(handle, index(name)) }
  func text(_ name: StaticString) -> String {
    sqlite3_column_text(handle, index(name)).map { String(cString: $0) } ?? ""
  }
  func optionalText(_ name: StaticString) -> String? { isNull(name) ? nil : text(name) }
  func optionalInt(_ name: StaticString) -> Int? { isNull(name) ? nil : int(name) }
  /// Bytes of a text or blob in SQLite's memory, valid until the statement's next step.
  func bytes(_ name: StaticString) -> UnsafeRawBufferPointer {
    let column = index(name)
    let start = sqlite3_column_blob(handle, column)
    return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
  }
  func blob(_ name: StaticString) -> Data { Data(bytes(name)) }

  /// The embedding in the columns `embedding` and `mask`.
  var embedding: Embedding {
    Embedding(values: blob("embedding").scalars(), mask: BlockMask(rawValue: int("mask")))
  }
}
