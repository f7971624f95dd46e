import Core
import Foundation

/// What became of every file.
package protocol Ledger: AnyObject {
  /// Records a file. Replaces the row of the same path and removes its quarantine.
  func record(_ entry: LedgerEntry) throws

  /// Records a new version of a file whose content is unchanged, so that it isn't read again.
  func renew(_ pathKey: String, _ version: FileVersion) throws

  /// Forgets a file, so that it counts as new.
  func forget(_ pathKey: String) throws

  /// Records a file and puts it in quarantine.
  func quarantine(_ entry: LedgerEntry, _ rejection: Rejection, time: String) throws

  /// Every quarantined file, in order of time, then path key.
  func quarantined() throws -> [QuarantineEntry]

  /// Forgets a quarantined file, so that the next scan reads it again.
  ///
  /// - Returns: false when no such file is quarantined.
  func releaseQuarantined(_ pathKey: String) throws -> Bool

  /// Files of the ledger in order of path key, from `first` up to, but not including, `end`: path key in UTF-8, valid
  /// until `body` returns, and version. There may be millions.
  func ledger(
    from first: String, upTo end: String,
    _ body: (_ pathKey: UnsafeRawBufferPointer, _ version: FileVersion) -> Void
  ) throws

  /// Number of files by outcome.
  func fileCounts() throws -> [String: Int]
}

/// What became of a file.
package enum FileOutcome: String, Sendable {
  /// An instance of an annotated study.
  case instance
  /// A report that an annotated study uses.
  case report
  /// An instance that is already stored with the same content.
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
