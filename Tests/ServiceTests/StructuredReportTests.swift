import Core
import Foundation
import Store
import TestSupport
import Testing

/// A study's structured reports count unless another replaces them, whatever the order of arrival.
@Suite(.endsHang) struct StructuredReportTests {
  private struct Document: Sendable {
    var number: Int
    /// Number of vocabulary terms in it.
    var terms: Int
    var completion = "COMPLETE"
    var verification = "UNVERIFIED"
    var time: String? = "120000"
    var title: String? = "18748-4"
    var predecessor: Int?
  }

  private static let words = ["impression", "contrast", "findings", "chest", "left"]

  private static func item(_ elements: [(UInt32, String, String)]) -> RawDataSet {
    elements.reduce(into: .empty) { $0.set($1.0, $1.1, $1.2) }
  }

  private static func file(_ document: Document, study: String) -> Data {
    var file = RawDataSet.empty
    for (tag, vr, value) in [
      (0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.88.11"),
      (0x0008_0018, "UI", "\(study).9.\(document.number)"), (0x0008_0023, "DA", "20260101"),
      (0x0008_0060, "CS", "SR"), (0x0020_000d, "UI", study), (0x0020_000e, "UI", study + ".9"),
      (0x0040_a491, "CS", document.completion), (0x0040_a493, "CS", document.verification),
    ] as [(UInt32, String, String)] where !value.isEmpty { file.set(tag, vr, value) }
    if let time = document.time { file.set(0x0008_0033, "TM", time) }
    if let title = document.title {
      let name = item([(0x0008_0100, "SH", title), (0x0008_0102, "SH", "LN")])
      file.set(0x0040_a043, item: name, .explicit)
    }
    if let predecessor = document.predecessor {
      let instance = item([(0x0008_1155, "UI", "\(study).9.\(predecessor)")])
      var series = item([(0x0020_000e, "UI", study + ".9")])
      series.set(0x0008_1199, item: instance, .explicit)
      var whole = item([(0x0020_000d, "UI", study)])
      whole.set(0x0008_1115, item: series, .explicit)
      file.set(0x0040_a360, item: whole, .explicit)
    }
    let text = words.prefix(document.terms).joined(separator: " ")
    file.set(
      0x0040_a730, item: item([(0x0040_a040, "CS", "TEXT"), (0x0040_a160, "UT", text)]), .explicit)
    return file.file(.explicit)
  }

  /// Numbers of known terms in the study's reports that count.
  private static func counted(_ site: Site, study: String) throws -> [Int] {
    let bundle = try #require(site.events("annotation").first?["bundle"]?.string)
    let store = try SQLiteStore(path: site.store, readOnly: true)
    return try store.reports(ofStudy: study, bundle: bundle).values
      .map { $0.values.reduce(0, +) }.sorted()
  }

  private static let cases: [(documents: [Document], counted: [Int])] = [
    // Complete before partial, whatever the times say.
    (
      [
        Document(number: 1, terms: 1, completion: "PARTIAL", time: "130000"),
        Document(number: 2, terms: 2),
        Document(number: 3, terms: 3, completion: "PARTIAL", verification: "VERIFIED"),
      ], [2]
    ),
    // Verified before unverified; later before earlier, with truncated times.
    (
      [
        Document(number: 1, terms: 1, time: "140000"),
        Document(number: 2, terms: 2, verification: "VERIFIED", time: "12"),
        Document(number: 3, terms: 3, verification: "VERIFIED", time: "120001.5"),
      ], [3]
    ),
    // A successor before its predecessor, whatever else they say.
    (
      [
        Document(number: 1, terms: 1, verification: "VERIFIED", time: "150000"),
        Document(number: 2, terms: 2, time: nil, title: "11528-7", predecessor: 1),
        Document(number: 3, terms: 3, completion: "", time: "160000", title: "11528-7"),
      ], [3]
    ),
    // A chain: 2 replaces 1 as the later one with the same title, and 3 names 2 as its predecessor.
    (
      [
        Document(number: 1, terms: 1, title: nil),
        Document(number: 2, terms: 2, time: "130000", title: nil),
        Document(number: 3, terms: 3, predecessor: 2),
      ], [3]
    ),
    // Documents with different titles are different documents.
    (
      [
        Document(number: 1, terms: 1), Document(number: 2, terms: 2, title: "11528-7"),
        Document(number: 3, terms: 3, title: nil),
      ], [1, 2, 3]
    ),
  ]

  /// One of the six orders of three documents.
  private static func ordered(_ documents: [Document], _ order: Int) -> [Document] {
    var rest = documents
    var choice = order
    return (1...3).reversed().map { count in
      defer { choice /= count }
      return rest.remove(at: choice % count)
    }
  }

  @Test(arguments: 0..<6, [true, false])
  func `what counts doesn't depend on order or restarts`(_ order: Int, _ comesApart: Bool) throws {
    let site = try Site(
      bootstrap: 20, k: 2, privacy: "uids = \"plain\"",
      more: "[features]\nminimum_patients = 3")
    try site.simulate(20)
    try site.once()
    for index in Self.cases.indices {
      let study = "1.2.3.\(index)"
      try SyntheticFile.write("\(site.input)/\(index).dcm", study: study, instance: study + ".1")
    }
    for place in 0..<3 {
      for (index, (documents, _)) in Self.cases.enumerated() {
        let document = Self.ordered(documents, order)[place]
        try Self.file(document, study: "1.2.3.\(index)").write(
          to: URL(fileURLWithPath: "\(site.input)/\(index)-\(document.number).dcm"))
      }
      if comesApart { try site.once() }
    }
    if !comesApart { try site.once() }
    for (index, (_, expected)) in Self.cases.enumerated() {
      #expect(try Self.counted(site, study: "1.2.3.\(index)") == expected, "case \(index)")
    }
    try site.checkConsistency()
  }
}
