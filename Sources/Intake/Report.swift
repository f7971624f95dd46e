import Core

/// What a report file says about one study, or about several that were reported together.
package struct Report: Sendable {
  /// StudyInstanceUIDs and accession numbers that its study may be found under, each once.
  package var identifiers: Redacted<[String]>
  /// What it calls its patient by; empty where it names no number.
  package var patients: Redacted<[PatientIdentifier]>
  /// Words of the persons' names that it gives, lower case.
  package var names: Redacted<[String]>
  package var observations: [Observation]
}

/// One text of a report.
package struct Observation: Sendable {
  /// What it is a version of: the same in every message about the same observation of the same order; empty for a text
  /// file, whose path says it.
  package var identity: Redacted<String>
  package var rank: ReportRank
  /// Empty where it was deleted or withdrawn.
  package var text: Redacted<String>
}
