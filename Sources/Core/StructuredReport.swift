/// What a structured report (DICOM SR) says.
public struct StructuredReport: Sendable, Equatable {
  /// Its TEXT items, a line each.
  public var text: Redacted<String>
  /// What kind of document it is; empty where it doesn't say.
  public var title: Redacted<String>
  public var rank: ReportRank
  /// SOPInstanceUIDs of the documents that it replaces.
  public var predecessors: Redacted<[String]>

  public init(text: String, title: String, rank: ReportRank, predecessors: [String]) {
    self.text = Redacted(text)
    self.title = Redacted(title)
    self.rank = rank
    self.predecessors = Redacted(predecessors)
  }
}
