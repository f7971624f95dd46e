import Core
import Foundation

extension SQLiteStore {
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

  package func renew(_ pathKey: String, _ version: FileVersion) throws {
    try database.run(
      "UPDATE file SET size = ?, modified = ?, inode = ?, changed = ? WHERE path_key = ?",
      [
        .int(version.size), .int(version.modified), .optional(version.inode),
        .optional(version.changed), .text(pathKey),
      ])
  }

  package func forget(_ pathKey: String) throws {
    try database.run("DELETE FROM file WHERE path_key = ?", [.text(pathKey)])
  }

  package func file(_ pathKey: String) throws -> LedgerEntry? {
    try database.first(
      """
      SELECT size, modified, inode, changed, digest, outcome, study_key, instance_key FROM file WHERE path_key = ?
      """, [.text(pathKey)]
    ) { row in
      FileOutcome(rawValue: row.text("outcome")).map {
        LedgerEntry(
          pathKey: pathKey, version: row.version, digest: row.optionalText("digest"), outcome: $0,
          studyKey: row.optionalText("study_key"), instanceKey: row.optionalText("instance_key"))
      }
    } ?? nil
  }

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
          pathKey: $0.text("path_key"), time: $0.text("time"), reason: $0.text("reason"),
          detail: $0.text("detail")))
    }
    return entries
  }

  package func releaseQuarantined(_ pathKey: String) throws -> Bool {
    let known = try database.first(
      "SELECT 1 FROM quarantine WHERE path_key = ?", [.text(pathKey)]
    ) { _ in true }
    guard known == true else { return false }
    try database.run("DELETE FROM quarantine WHERE path_key = ?", [.text(pathKey)])
    try forget(pathKey)
    return true
  }

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
      body($0.bytes("path_key"), $0.version)
    }
  }

  package func fileCounts() throws -> [String: Int] {
    var counts: [String: Int] = [:]
    try database.run("SELECT outcome, files FROM tally WHERE files > 0") {
      counts[$0.text("outcome")] = $0.int("files")
    }
    return counts
  }
}

extension Row {
  fileprivate var version: FileVersion {
    FileVersion(
      size: int("size"), modified: int("modified"), inode: optionalInt("inode"),
      changed: optionalInt("changed"))
  }
}
