import Core

/// What a report file says about one study, or about several that were reported together.
public struct Report: Sendable {
  /// StudyInstanceUIDs and accession numbers that its study may be found under, each once.
  public var identifiers: Redacted<[String]>
  /// What it calls its patient by; empty where it names no number.
  public var patients: Redacted<[PatientIdentifier]>
  /// Words of the persons' names that it gives, lower case.
  public var names: Redacted<[String]>
  public var observations: [Observation]
}

/// One text of a report.
public struct Observation: Sendable {
  /// What it is a version of: the same in every message about the same observation of the same order; empty for a text
  /// file, whose path says it.
  public var identity: Redacted<String>
  public var rank: ReportRank
  /// Empty where it was deleted or withdrawn.
  public var text: Redacted<String>
}
