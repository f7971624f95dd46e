import Core
import Foundation
import Intake
import TestSupport
import Testing

@Suite struct ReportFileTests {
  @Test(arguments: [
    ("/in/REPORTS/1.2.txt", true), ("/in/reports/A1.TXT", true), ("/in/a/Reports/x.txt", true),
    ("/in/notes.txt", false), ("/in/REPORTS/1.2.dcm", false), ("/his/x.txt", true),
    ("/hisx/x.txt", false), ("reports/1.txt", true), ("/in/myreports/x.txt", false),
    ("x.txt", false),
    ("/in/a.HL7", true), ("/in/hl7", false), ("/in/REPORTS/č.Txt", true),
  ])
  func `reports are recognized by their path`(_ path: String, _ expected: Bool) {
    #expect(ReportFile.isReport(path, folders: ["/his"]) == expected)
  }

  @Test(
    arguments: [
      ("utf-8", [0x70, 0x6c, 0x75, 0xc4, 0x87, 0x61]),
      ("iso-8859-2", [0x70, 0x6c, 0x75, 0xe6, 0x61]),
      ("windows-1250", [0x70, 0x6c, 0x75, 0xe6, 0x61]),
      ("utf-8", [0xef, 0xbb, 0xbf, 0x70, 0x6c, 0x75, 0xc4, 0x87, 0x61]),
    ] as [(String, [UInt8])])
  func `texts are read in the site's encoding`(_ encoding: String, _ bytes: [UInt8]) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("1.2.txt", Data(bytes))
    let report = try ReportFile(path, encoding: encoding)
    #expect(report.reports.map(HL7Tests.text) == ["pluća"])
    #expect(report.reports.map(\.identifiers.revealed) == [["1.2"]])
  }

  @Test(
    arguments: [
      ([0x67, 0x72, 0xfc, 0x6e], "gr\u{fc}n"), ([0x67, 0x72, 0xc3, 0xbc, 0x6e], "gr\u{fc}n"),
      ([0x31, 0x2e, 0x32], "1.2"), ([0xff], "\u{ff}"),
    ] as [([UInt8], String)])
  func `a name is read as UTF-8, else as Latin-1`(_ name: [UInt8], _ identifier: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path.filePath.appending(name + ".txt".utf8)
    let file = path.withCString { open($0, O_CREAT | O_WRONLY, 0o644) }
    #expect(write(file, "x", 1) == 1)
    close(file)
    defer { _ = path.withCString { unlink($0) } }
    #expect(
      try ReportFile(path, encoding: "utf-8").reports.first?.identifiers.revealed == [identifier])
  }

  @Test func `a wrong encoding is reported with the setting`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("1.2.txt", Data([0xe6, 0x28]))
    let error = #expect(throws: Rejection.self) { try ReportFile(path, encoding: "utf-8") }
    #expect(error?.code == .badEncoding)
    #expect(error?.detail.contains("intake.report_encoding") == true)
  }

  @Test func `an endless report is refused`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("1.2.txt", Data(repeating: 0x20, count: ReportFile.longest + 1))
    #expect(throws: Rejection.self) { try ReportFile(path, encoding: "utf-8") }
  }
}
