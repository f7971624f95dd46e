import Core

/// What intake asks of an archive. For one thread at a time.
package protocol IntakeIndex: AnyObject {
  /// What is noted of a path.
  func file(_ pathKey: String) throws -> LedgerEntry?

  /// Whether a file lies in quarantine for just that.
  func isQuarantined(_ pathKey: String, _ rejection: Rejection) throws -> Bool

  func instanceDigest(_ instanceKey: String) throws -> (digest: String, studyKey: String)?

  /// The annotated studies that a report is about, by their own keys or their accession numbers'. One whose files
  /// have to be read again under another bundle is none: a report alone would annotate it without its images.
  func studies(studyKeys: [String], accessionKeys: [String]) throws -> [String]

  /// What the files of a study call its patient by.
  func patients(ofStudy studyKey: String) throws -> Set<PatientKey>

  func hasReport(_ reportKey: String) throws -> Bool

  /// Report files that found a study by an accession number.
  func deliveries(accessionKey: String) throws -> [String]

  /// Everything that waits: since when, in seconds since 1970, and whether an event has said so.
  func waitingItems() throws -> [WaitingItem: (since: Double, isAnnounced: Bool)]
}
