import Core

/// What a report file says about one study, or about several that were reported together.
package struct Report: Sendable {
  /// StudyInstanceUIDs and accession numbers under which its study may be found, each once.
  package var identifiers: Redacted<[String]>
  /// Its identifiers of the patient; empty if it gives none.
  package var patients: Redacted<[PatientIdentifier]>
  /// Words of the persons' names in it, lower case.
  package var names: Redacted<[String]>
  package var observations: [Observation]
}

/// One text of a report.
package struct Observation: Sendable {
  /// What it is a version of: the same in every message about the same observation of the same order; empty for a text
  /// file, which its path identifies.
  package var identity: Redacted<String>
  package var rank: ReportRank
  /// Empty if it was deleted or withdrawn.
  package var text: Redacted<String>
}
