import Core
import Foundation
import Testing

@testable import Export
@testable import Store

@Suite struct CroissantTests {
  private static func summary(_ format: ExportParameters.Format = .png, name: String? = nil)
    throws -> ExportSummary
  {
    var parameters = ExportParameters()
    parameters.format = format
    parameters.description.licence = "CC0 1.0"
    let rows = [ExportRow.made(name: name)]
    let classes = try ClassList(
      nil, rows, [ClusterRecord(id: 1, born: 1, name: name, trust: "accepted")]
    ) { $0 }
    return ExportSummary(
      rows: rows, parameters: parameters,
      generation: GenerationRecord(
        number: 3, time: "2026-11-28T00:00:00.000Z", bundle: "0123456789abcdef", reason: "schedule",
        units: 1, inertia: 0, figures: "{}"),
      extractors: ["image": "hog"], corpusDigest: "c0", leftOut: ["burned_in": 2],
      classes: classes.exported)
  }

  private static func croissant(_ format: ExportParameters.Format = .png) throws -> JSON {
    Croissant(
      summary: try summary(format), digests: ["labels.csv": "5a", "webdataset/a.tar": "5b"],
      shards: ["webdataset/a.tar"]
    ).json
  }

  @Test func `it has every column of the table, from that column`() throws {
    let sets = try #require(try Self.croissant()["recordSet"]?.array)
    let labels = try #require(sets.first { $0["@id"]?.string == "labels" }?["field"]?.array)
    #expect(labels.map { $0["name"]?.string } == ExportColumn.all.map(\.name))
    for field in labels {
      #expect(field["source"]?["extract"]?["column"] == field["name"])
    }
  }

  @Test func `it names licence, provenance and the digests of the files`() throws {
    let json = try Self.croissant()
    #expect(json["license"]?.string == "CC0 1.0")
    #expect(json["rai:machineAnnotationTools"]?.encoded.contains("0123456789abcdef") == true)
    let digests = json["distribution"]?.array?.compactMap { $0["sha256"]?.string }
    #expect(digests == ["5a", "5b"])
  }

  @Test func `without images it describes none`() throws {
    #expect(!(try Self.croissant(.dicom)["distribution"]?.encoded.contains("FileSet") ?? true))
  }

  @Test func `a datasheet's table holds whatever a cluster is called`() throws {
    let text = Datasheet(summary: try Self.summary(name: "a | <b>"), hasShards: false).text
    #expect(text.contains("| 0 | c0001 | a \\| \\<b\\> | accepted | 1 | 0 | 0 |"))
    for column in ExportColumn.all { #expect(text.contains("| `\(column.name)` |")) }
  }

  @Test func `docs/dataset.md has the data dictionary`() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path
    let text = try String(contentsOfFile: root + "/docs/dataset.md", encoding: .utf8)
    #expect(text.contains(DataDictionary.table))
  }
}
