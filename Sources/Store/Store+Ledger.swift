import Core
import Foundation

/// What became of a file.
package enum FileOutcome: String, Sendable {
  /// An instance of an annotated study.
  case instance
  /// A report that an annotated study uses.
  case report
  /// An instance that is already there with the same content.
  case duplicate
  case quarantined
}

/// One row of the ledger.
package struct LedgerEntry: Sendable {
  /// Key of the absolute path under the site key.
  package var pathKey: String
  package var version: FileVersion
  package var digest: String?
  package var outcome: FileOutcome
  package var studyKey: String?
  package var instanceKey: String?

  package init(
    pathKey: String, version: FileVersion, digest: String?, outcome: FileOutcome,
    studyKey: String? = nil, instanceKey: String? = nil
  ) {
    self.pathKey = pathKey
    self.version = version
    self.digest = digest
    self.outcome = outcome
    self.studyKey = studyKey
    self.instanceKey = instanceKey
  }
}

/// A file that could not be used, and why.
package struct QuarantineEntry: Sendable {
  package var pathKey: String
  package var time: String
  package var reason: String
  package var detail: String
}

extension Store {
  /// Notes a file; a row of the same path is replaced, and so is its quarantine.
  package func record(_ entry: LedgerEntry) throws {
    try database.run(
      """
      INSERT INTO file (path_key, size, modified, inode, changed, digest, outcome, study_key, instance_key)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path_key) DO UPDATE SET
      size = excluded.size, modified = excluded.modified, inode = excluded.inode, changed = excluded.changed,
      digest = excluded.digest, outcome = excluded.outcome, study_key = excluded.study_key,
      instance_key = excluded.instance_key
      """,
      [
        .text(entry.pathKey), .int(entry.version.size), .int(entry.version.modified),
        .optional(entry.version.inode), .optional(entry.version.changed), .optional(entry.digest),
        .text(entry.outcome.rawValue), .optional(entry.studyKey), .optional(entry.instanceKey),
      ])
    try database.run("DELETE FROM quarantine WHERE path_key = ?", [.text(entry.pathKey)])
  }

  /// Notes that a file's content is what it was, so that it isn't looked at again.
  package func renew(_ pathKey: String, _ version: FileVersion) throws {
    try database.run(
      "UPDATE file SET size = ?, modified = ?, inode = ?, changed = ? WHERE path_key = ?",
      [
        .int(version.size), .int(version.modified), .optional(version.inode),
        .optional(version.changed), .text(pathKey),
      ])
  }

  /// Forgets a file, so that it is taken as new.
  package func forget(_ pathKey: String) throws {
    try database.run("DELETE FROM file WHERE path_key = ?", [.text(pathKey)])
  }

  /// What is noted of a path.
  package func file(_ pathKey: String) throws -> LedgerEntry? {
    try database.first(
      """
      SELECT size, modified, inode, changed, digest, outcome, study_key, instance_key FROM file WHERE path_key = ?
      """, [.text(pathKey)]
    ) { row in
      FileOutcome(rawValue: row.text(5)).map {
        LedgerEntry(
          pathKey: pathKey, version: row.version(0), digest: row.optionalText(4), outcome: $0,
          studyKey: row.optionalText(6), instanceKey: row.optionalText(7))
      }
    } ?? nil
  }

  /// Whether a file lies in quarantine for just that.
  package func isQuarantined(_ pathKey: String, _ rejection: Rejection) throws -> Bool {
    try database.first(
      "SELECT 1 FROM quarantine WHERE path_key = ? AND reason = ? AND detail = ?",
      [.text(pathKey), .text(rejection.code.rawValue), .text(rejection.detail)]
    ) { _ in true } ?? false
  }

  package func quarantine(_ entry: LedgerEntry, _ rejection: Rejection, time: String) throws {
    try record(entry)
    try database.run(
      "INSERT INTO quarantine VALUES (?, ?, ?, ?)",
      [
        .text(entry.pathKey), .text(time), .text(rejection.code.rawValue), .text(rejection.detail),
      ])
  }

  package func quarantined() throws -> [QuarantineEntry] {
    var entries: [QuarantineEntry] = []
    try database.run(
      "SELECT path_key, time, reason, detail FROM quarantine ORDER BY time, path_key"
    ) {
      entries.append(
        QuarantineEntry(
          pathKey: $0.text(0), time: $0.text(1), reason: $0.text(2), detail: $0.text(3)))
    }
    return entries
  }

  /// Forgets a quarantined file, so that the next scan takes it again.
  ///
  /// - Returns: false when no such file is quarantined.
  package func releaseQuarantined(_ pathKey: String) throws -> Bool {
    let known = try database.first(
      "SELECT 1 FROM quarantine WHERE path_key = ?", [.text(pathKey)]
    ) { _ in true }
    guard known == true else { return false }
    try database.run("DELETE FROM quarantine WHERE path_key = ?", [.text(pathKey)])
    try forget(pathKey)
    return true
  }

  /// Files of the ledger in the order of their path keys, from one key up to another: path key in UTF-8 and
  /// version. There may be millions.
  package func ledger(
    from first: String, upTo end: String,
    _ body: (_ pathKey: UnsafeRawBufferPointer, _ version: FileVersion) -> Void
  ) throws {
    try database.run(
      """
      SELECT path_key, size, modified, inode, changed FROM file INDEXED BY file_stamp
      WHERE path_key >= ? AND path_key < ? ORDER BY path_key
      """, [.text(first), .text(end)]
    ) {
      body($0.bytes(0), $0.version(1))
    }
  }

  /// Files by outcome.
  package func fileCounts() throws -> [String: Int] {
    var counts: [String: Int] = [:]
    try database.run("SELECT outcome, files FROM tally WHERE files > 0") {
      counts[$0.text(0)] = $0.int(1)
    }
    return counts
  }
}

extension Row {
  /// A file's version in four columns from one on.
  fileprivate func version(_ column: Int32) -> FileVersion {
    FileVersion(
      size: int(column), modified: int(column + 1), inode: optionalInt(column + 2),
      changed: optionalInt(column + 3))
  }
}
