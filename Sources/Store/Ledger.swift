import Core
import Foundation

/// What became of every file.
package protocol Ledger: AnyObject {
  /// Notes a file; a row of the same path is replaced, and so is its quarantine.
  func record(_ entry: LedgerEntry) throws

  /// Notes that a file's content is what it was, so that it isn't looked at again.
  func renew(_ pathKey: String, _ version: FileVersion) throws

  /// Forgets a file, so that it is taken as new.
  func forget(_ pathKey: String) throws

  func quarantine(_ entry: LedgerEntry, _ rejection: Rejection, time: String) throws

  func quarantined() throws -> [QuarantineEntry]

  /// Forgets a quarantined file, so that the next scan takes it again.
  ///
  /// - Returns: false when no such file is quarantined.
  func releaseQuarantined(_ pathKey: String) throws -> Bool

  /// Files of the ledger in the order of their path keys, from one key up to another: path key in UTF-8 and
  /// version. There may be millions.
  func ledger(
    from first: String, upTo end: String,
    _ body: (_ pathKey: UnsafeRawBufferPointer, _ version: FileVersion) -> Void
  ) throws

  /// Files by outcome.
  func fileCounts() throws -> [String: Int]
}

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
