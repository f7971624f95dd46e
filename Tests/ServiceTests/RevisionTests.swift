import Core
import Foundation
import TestSupport
import Testing

@testable import Store

@Suite(.endsHang) struct RevisionTests {
  private let site: Site
  /// Revisions before the test: on a busy machine a study's report may already be late.
  private let earlier: Int

  /// A site with trained models, and one more study.
  init() throws {
    site = try Site(more: "[features]\nminimum_patients = 3")
    try site.simulate(20)
    try SyntheticFile.write(site.input + "/one.dcm", study: "1.2.3", instance: "1.2.3.1")
    try site.once()
    #expect(try site.events("annotation").count == 21)
    earlier = try site.events("revision").count
  }

  private func revision() throws -> JSON {
    try site.once()
    try site.checkConsistency()
    let revisions = try site.events("revision").dropFirst(earlier)
    #expect(revisions.count == 1)
    let revision = try #require(revisions.last)
    let superseded = try site.events().first { $0["seq"]?.int == revision["supersedes"]?.int }
    #expect(superseded?["unit_key"]?.string == revision["unit_key"]?.string)
    #expect(revision["revision"]?.int == 2)
    return revision
  }

  @Test(arguments: ["1.2.3", "ACC1.2.3"])
  func `a late report gives a revision`(_ name: String) throws {
    try site.folder.folder("export/REPORTS")
    try site.folder.file(
      "export/REPORTS/\(name).txt",
      "Pneumonia in the right lower lobe. Pleural effusion. Normal heart size.")
    let revision = try revision()
    #expect(revision["reason"]?.string == "late_report")
    #expect(revision["blocks"]?.array?.compactMap(\.string).contains("text") == true)
  }

  @Test func `a late HL7 message gives a revision, and its names stay out`() throws {
    try site.folder.file(
      "export/message.hl7",
      "MSH|^~\\&|RIS|H|R|H|2026||ORU^R01|1|P|2.5\rPID|1||CANARYID7||CANARYNAME^EVA\rOBR|1||ACC1.2.3\r"
        + "OBX|1|TX|R||CANARYNAME has pneumonia in the right lower lobe. Pleural effusion.\r")
    let revision = try revision()
    #expect(revision["reason"]?.string == "late_report")
    #expect(revision["blocks"]?.array?.compactMap(\.string).contains("text") == true)
    for (name, data) in try site.outputs() {
      #expect(!String(decoding: data, as: UTF8.self).uppercased().contains("CANARY"), "\(name)")
    }
  }

  @Test func `late instances give a revision`() throws {
    try SyntheticFile.write(site.input + "/two.dcm", study: "1.2.3", instance: "1.2.3.2")
    let revision = try revision()
    #expect(revision["reason"]?.string == "late_instances")
    #expect(revision["instances"]?.int == 2 && revision["frames"]?.int == 2)
  }

  @Test func `another version of an instance replaces it`() throws {
    try SyntheticFile.write(
      site.input + "/other.dcm", study: "1.2.3", instance: "1.2.3.1",
      pixels: (0..<64 * 64).map { UInt16($0 / 64 * 60) })
    let revision = try revision()
    #expect(revision["reason"]?.string == "new_version")
    #expect(revision["instances"]?.int == 1)
  }

  @Test func `the same instance under another name is only counted`() throws {
    try FileManager.default.copyItem(
      atPath: site.input + "/one.dcm", toPath: site.input + "/copy.dcm")
    try site.once()
    #expect(try site.events("revision").count == earlier)
    let status = try JSON(parsing: site.control(["--json", "status"]))
    #expect(status["store"]?["files"]?["duplicate"]?.int == 1)
  }

  @Test func `late instances give the same vector as instances on time`() throws {
    for index in 2..<6 {
      try SyntheticFile.write(
        site.input + "/\(index).dcm", study: "1.2.3", instance: "1.2.3.\(index)",
        pixels: (0..<64 * 64).map { UInt16(($0 * index) % 4096) })
    }
    let late = try revision()
    let other = try Site(input: site.input)
    for name in ["state/site.key", "state/bundles"] {
      try FileManager.default.createDirectory(
        atPath: other.folder.path + "/state", withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: site.folder.path + "/" + name, toPath: other.folder.path + "/" + name)
    }
    try Data((late["bundle"]?.string ?? "").utf8).write(
      to: URL(fileURLWithPath: other.folder.path + "/state/bundles/active"))
    try other.once()
    let whole = try other.events("annotation").first { $0["unit_key"] == late["unit_key"] }
    for key in ["cluster", "instances", "frames"] { #expect(whole?[key] == late[key]) }
    // Online centroids may have moved in between, the vector has not.
    let vectors = try [site, other].map { try Self.embedding($0, late["unit_key"]?.string ?? "") }
    #expect(vectors[0] == vectors[1] && vectors[0] != nil)
  }

  private static func embedding(_ site: Site, _ key: String) throws -> Embedding? {
    try StoreReader(site.store).unit(key)
  }

  @Test func `a body part from an older store is logged only if it is a code`() throws {
    let store = try SQLiteStore(path: site.store)
    for table in ["unit", "instance"] {
      try store.database.execute("UPDATE \(table) SET body_part = 'CANARYNAME ANNA'")
    }
    try SyntheticFile.write(site.input + "/two.dcm", study: "1.2.3", instance: "1.2.3.2")
    #expect(try revision()["body_part"]?.string != nil)
    #expect(try !String(contentsOfFile: site.log, encoding: .utf8).contains("CANARYNAME"))
  }
}
