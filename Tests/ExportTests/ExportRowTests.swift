import Core
import Foundation
import Testing

@testable import Export

@Suite struct ExportRowTests {
  @Test(arguments: [
    ("head", "head"), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""),
    ("two\r\nlines", "\"two\r\nlines\""), ("\"\u{301}", "\"\"\"\u{301}\""),
  ])
  func `a field is quoted as RFC 4180 says`(_ name: String, _ field: String) {
    #expect(
      ExportColumn.csv(.made(name: name), ExportColumn.all).utf8.starts(
        with: "train/c0001/i-1.png,train,c0001,\(field),0,".utf8))
  }

  @Test func `the head names as many fields as a row has, each once`() {
    let fields = ExportColumn.head(ExportColumn.all).split(separator: ",")
    let row = ExportColumn.csv(.made(), ExportColumn.all)
      .split(separator: ",", omittingEmptySubsequences: false)
    #expect(fields.count == row.count && Set(fields).count == fields.count)
  }

  @Test func `a later run reads what it needs from a line of JSON`() throws {
    let row = ExportRow.made(name: "x")
    let read = try JSONDecoder().decode(ExportRow.self, from: Data(row.json.encoded.utf8))
    #expect(read.instanceKey == "i" && read.image == 1 && read.source == "d")
    #expect(read.file == row.file && read.place == row.file)
  }

  @Test func `a row without a vector has no figures`() {
    let row = ExportRow.made().json
    for name in ["distance", "margin", "second_cluster", "novelty", "novel", "generation"] {
      #expect(row[name] == .null)
    }
  }
}
