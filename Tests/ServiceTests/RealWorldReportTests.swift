import Core
import Foundation
import Store
import TestSupport
import Testing

/// Each report finds its own study, whatever the order of arrival.
@Suite(.endsHang) struct RealWorldReportTests {
  private static let (first, second) = ("1.2.3.1", "1.2.3.2")

  /// A site with models, where study keys are UIDs.
  private static func site() throws -> Site {
    let site = try Site(
      bootstrap: 20, k: 2, privacy: "uids = \"plain\"",
      more: "[features]\nminimum_patients = 3")
    try site.simulate(20)
    try site.once()
    return site
  }

  private static func study(
    _ site: Site, _ uid: String, accession: String, patient: String = ""
  ) throws {
    try SyntheticFile.write(
      "\(site.input)/\(uid).dcm", study: uid, instance: uid + ".1",
      changes: [0x0008_0050: accession, 0x0010_0020: patient])
  }

  private static func message(
    _ accession: String, _ text: String, status: String = "F", time: String = "202601011200",
    patient: String = "1"
  ) -> String {
    "MSH|^~\\&|RIS|HOSP|RN|HOSP|\(time)||ORU^R01|1|P|2.5\rPID|1||\(patient)||DOE^J\r"
      + "OBR|1|P1|\(accession)|CT^CT||||||||||||||\(accession)\rOBX|1|TX|GDT||\(text)||||||\(status)\r"
  }

  /// Numbers of known terms in a study's reports, largest first.
  private static func terms(_ site: Site, _ study: String) throws -> [Int] {
    let bundle = try #require(site.events("annotation").first?["bundle"]?.string)
    let store = try SQLiteStore(path: site.store, readOnly: true)
    return try store.reports(ofStudy: study, bundle: bundle).values
      .map { $0.values.reduce(0, +) }.sorted(by: >)
  }

  private static func write(_ site: Site, _ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(site.input)/\(name)"))
  }

  @Test func `two messages in a file go to their own studies`() throws {
    let site = try Self.site()
    try Self.study(site, Self.first, accession: "A1")
    try Self.study(site, Self.second, accession: "A2 ")
    try Self.write(
      site, "r.hl7",
      Self.message("A1", "impression") + Self.message("A2", "contrast impression findings"))
    try site.once()
    let (one, two) = (try Self.terms(site, Self.first), try Self.terms(site, Self.second))
    #expect(one.count == 1 && two.count == 1)
    #expect((one.first ?? 0) < (two.first ?? 0))
  }

  @Test(arguments: [[0, 1, 2], [1, 0, 2], [2, 0, 1], [0, 2, 1], [1, 2, 0]])
  func `studies with one accession number share the report, in any order`(_ order: [Int]) throws {
    let site = try Self.site()
    for step in order {
      switch step {
      case 0: try Self.study(site, Self.first, accession: "A1")
      case 1: try Self.study(site, Self.second, accession: "A1")
      default:
        try site.folder.folder("export/reports")
        try Self.write(site, "reports/A1.txt", "contrast impression")
      }
    }
    try site.once()
    #expect(try Self.terms(site, Self.first).count == 1)
    #expect(try Self.terms(site, Self.first) == Self.terms(site, Self.second))
  }

  @Test(arguments: [[0, 1, 2], [1, 0, 2], [2, 0, 1], [0, 2, 1], [1, 2, 0]], [true, false])
  func `of two patients with one accession number only the right one gets the report`(
    _ order: [Int], _ comesApart: Bool
  ) throws {
    let site = try Self.site()
    for step in order {
      switch step {
      case 0: try Self.study(site, Self.first, accession: "A1", patient: "P1")
      case 1: try Self.study(site, Self.second, accession: "A1", patient: "P2")
      default:
        try Self.write(site, "r.hl7", Self.message("A1", "contrast impression", patient: "P2"))
      }
      if comesApart { try site.once() }
    }
    if !comesApart { try site.once() }
    #expect(try Self.terms(site, Self.second) == [2])
    #expect(try Self.terms(site, Self.first).allSatisfy { $0 == 0 })
    try site.checkConsistency()
  }

  @Test(arguments: [true, false], [true, false])
  func `a correction replaces the original report`(_ isLate: Bool, _ comesApart: Bool) throws {
    let site = try Self.site()
    try Self.study(site, Self.first, accession: "A1")
    let versions = [
      Self.message("A1", "findings findings findings", status: "P"),
      Self.message("A1", "impression", status: "C"),
    ]
    for (number, version) in (isLate ? versions : versions.reversed()).enumerated() {
      try Self.write(site, "\(number).hl7", version)
      if comesApart { try site.once() }
    }
    if !comesApart { try site.once() }
    let terms = try Self.terms(site, Self.first)
    #expect(terms == [1], "\(terms)")
  }

  @Test func `a file with a waiting report is read again when the study arrives`() throws {
    let site = try Self.site()
    try Self.study(site, Self.first, accession: "A1")
    try Self.write(site, "r.hl7", Self.message("A1", "impression") + Self.message("A2", "contrast"))
    try site.once()
    #expect(try Self.terms(site, Self.first).count == 1)
    try Self.study(site, Self.second, accession: "A2")
    try site.once()
    #expect(try Self.terms(site, Self.second).count == 1)
    #expect(try Self.terms(site, Self.first).count == 1)
    try site.checkConsistency()
  }

  @Test(arguments: ["", "ISO 2022 IR 100", "ISO_IR 203"])
  func `no name reaches a vocabulary, whatever the character set`(_ charset: String) throws {
    let site = try Site(bootstrap: 12, k: 2, more: "[features]\nlanguage = \"german\"")
    try site.folder.folder("export/reports")
    for number in 0..<12 {
      let uid = "1.2.9.\(number)"
      var file = RawDataSet(study: uid)
      if !charset.isEmpty { file.set(0x0008_0005, "CS", charset) }
      file.set(
        0x0010_0010, "PN",
        bytes: number < 3
          ? Array("Gr".utf8) + [0xfc] + Array("nwald^Jana".utf8) : Array("Other^Some".utf8))
      try file.file(.explicit).write(to: URL(fileURLWithPath: "\(site.input)/\(number).dcm"))
      let name = ["Grünwald", "Gruenwald", "Grünwalds"][number % 3]
      try Self.write(
        site, "reports/\(uid).txt",
        "Patientin \(name), Kein Befund, Thorax normal, Lunge frei, Herz unauffällig")
    }
    try site.once()
    let texts = try site.outputs().filter { $0.name.hasSuffix("text.json") }
    #expect(texts.count == 1)
    for text in texts {
      let words = String(decoding: text.data, as: UTF8.self).lowercased()
      #expect(words.contains("lung") && !words.contains("nwald"))
    }
  }

  @Test func `a study with an issuer in only some images is one patient's`() throws {
    let site = try Site(bootstrap: 16, k: 2)
    for number in 0..<16 {
      for image in 0..<2 {
        var file = RawDataSet(study: "1.2.7.\(number)")
        file.set(0x0008_0018, "UI", "1.2.7.\(number).\(image)")
        file.set(0x0010_0020, "LO", "Z\(number) ")
        if image == 1 { file.set(0x0010_0021, "LO", "HOSP") }
        // Each study looks different: patients with the same picture share a split.
        var generator = SeededGenerator(seed: UInt64(number))
        file.set(
          0x7fe0_0010, "OW",
          words: (0..<4096).map { _ in UInt16(truncatingIfNeeded: generator.next()) & 0xfff })
        try file.file(.explicit).write(to: URL(fileURLWithPath: "\(site.input)/\(number)-\(image)"))
      }
    }
    try site.once()
    let out = site.folder.path + "/dataset"
    _ = try site.control([
      "export", out, "--side", "64", "--include", "all", "--split", "50,25,25", "--burned-in",
      "keep",
    ])
    let rows = try String(contentsOfFile: out + "/labels.jsonl", encoding: .utf8)
      .split(separator: "\n").map { try JSON(parsing: $0) }
    let studies = Dictionary(grouping: rows) { $0["study_key"]?.string ?? "" }
    #expect(studies.count == 16)
    #expect(studies.values.allSatisfy { Set($0.map { $0["split"]?.string }).count == 1 })
    #expect(Set(rows.map { $0["split"]?.string }).count > 1)
  }
}
