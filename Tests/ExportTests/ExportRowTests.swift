import Core
import Foundation
import Testing

@testable import Export

@Suite struct ExportRowTests {
  private static func row(name: String?) -> ExportRow {
    ExportRow(
      file: "train/c0001/i-1.png", split: "train", cluster: "c0001", clusterName: name,
      modality: "CT", bodyPart: nil, studyKey: "s", patientKey: "p", unitKey: "u",
      instanceKey: "i", image: 1, sha256: nil, source: "d")
  }

  @Test(arguments: [
    ("head", "head"), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""),
    ("two\r\nlines", "\"two\r\nlines\""), ("\"\u{301}", "\"\"\"\u{301}\""),
  ])
  func `a field is quoted as RFC 4180 says`(_ name: String, _ field: String) {
    #expect(
      Self.row(name: name).csv.utf8.elementsEqual(
        "train/c0001/i-1.png,train,c0001,\(field),CT,,s,p,u,i,1,,d".utf8))
  }

  @Test func `the head names as many fields as a row has`() {
    let fields = ExportRow.csvHead.split(separator: ",")
    let row = Self.row(name: nil).csv.split(separator: ",", omittingEmptySubsequences: false)
    #expect(fields.count == row.count)
  }

  @Test func `a line of JSON comes back as it was`() throws {
    let data = try JSONEncoder().encode(Self.row(name: "x"))
    let read = try JSONDecoder().decode(ExportRow.self, from: data)
    #expect(read.csv == Self.row(name: "x").csv && read.place == "train/c0001/i-1.png")
  }
}
