/// The content of a structured report (DICOM SR).
package struct StructuredReport: Sendable, Equatable {
  /// Its TEXT items, one per line.
  package var text: Redacted<String>
  /// The kind of document; empty if not given.
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
