import Core

/// What intake reads of an archive. For one thread at a time.
package protocol IntakeIndex: AnyObject {
  /// The ledger's entry of a path; `nil` if it has none.
  func file(_ pathKey: String) throws -> LedgerEntry?

  /// Whether a file is in quarantine for the same reason and detail.
  func isQuarantined(_ pathKey: String, _ rejection: Rejection) throws -> Bool

  /// The digest of a stored instance and the key of its study; `nil` if it is unknown.
  func instanceDigest(_ instanceKey: String) throws -> (digest: String, studyKey: String)?

  /// The annotated studies that a report is about, found by study key, then by accession key, in the order of the keys;
  /// a study found twice is listed twice. A study whose files must be read again under another bundle is left out:
  /// the report alone would annotate it without its images.
  func studies(studyKeys: [String], accessionKeys: [String]) throws -> [String]

  /// The keys under which the files of a study name its patient.
  func patients(ofStudy studyKey: String) throws -> Set<PatientKey>

  /// Whether a report is stored, whether or not it still counts.
  func hasReport(_ reportKey: String) throws -> Bool

  /// Path keys of the report files that found a study by an accession number, in no particular order.
  func deliveries(accessionKey: String) throws -> [String]

  /// Every waiting item: since when, in seconds since 1970, and whether an event has announced it.
  func waitingItems() throws -> [WaitingItem: (since: Double, isAnnounced: Bool)]
}
