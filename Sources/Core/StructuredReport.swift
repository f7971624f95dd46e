/// What a structured report (DICOM SR) says.
package struct StructuredReport: Sendable, Equatable {
  /// Its TEXT items, a line each.
  package var text: Redacted<String>
  /// What kind of document it is; empty where it doesn't say.
  package var title: Redacted<String>
  package var rank: ReportRank
  /// SOPInstanceUIDs of the documents that it replaces.
  package var predecessors: Redacted<[String]>

  package init(text: String, title: String, rank: ReportRank, predecessors: [String]) {
    self.text = Redacted(text)
    self.title = Redacted(title)
    self.rank = rank
    self.predecessors = Redacted(predecessors)
  }
}
