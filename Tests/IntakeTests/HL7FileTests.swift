import Core
import Foundation
import TestSupport
import Testing

@testable import Intake

/// Files of several messages, orders and versions.
@Suite struct HL7FileTests {
  private static func message(_ accession: String, _ text: String, end: String = "\r") -> String {
    [
      #"MSH|^~\&|RIS|HOSP|RN|HOSP|202601011200||ORU^R01|1|P|2.5"#, "PID|1||4711||DOE^JANE",
      "OBR|1|P1|\(accession)|CT^CT||||||||||||||\(accession)", "OBX|1|TX|GDT||\(text)||||||F",
    ].map { $0 + end }.joined()
  }

  private static let (first, second) = (message("A1", "alpha"), message("A2", "yankee"))

  @Test(arguments: [
    first + second, first + "\r" + second, "\u{0b}\(first)\u{1c}\r\u{0b}\(second)\u{1c}\r",
    "\u{0b}\u{feff}\(first)\u{1c}\r\u{0b}\u{feff}\(second)\u{1c}\r", "\u{feff}" + first + second,
    "FHS|^~\\&|RIS\rBHS|^~\\&|RIS\r\(first)\(second)BTS|2\rFTS|1\r",
    "FHS*^~\\&*RIS\r\(first)\(second)", "\u{0b}\(first)\u{0b}\(second)",
    "\r\n\r\n" + first + "\r\n" + second,
    message("A1", "alpha", end: "\n") + message("A2", "yankee", end: "\n"),
    message("A1", "alpha", end: "\r\n") + message("A2", "yankee", end: "\r\n"),
    "\u{0b}\(first)\u{1c}\r\n\0\0\u{0b}\(second)\u{1c}\0",
  ])
  func `each message is a report of its own`(_ file: String) throws {
    let reports = try HL7Tests.reports(file)
    #expect(reports.map(\.identifiers.revealed) == [["A1"], ["A2"]])
    #expect(reports.map(HL7Tests.text) == ["alpha\n", "yankee\n"])
  }

  @Test func `a text that quotes a header stays one text`() throws {
    let reports = try HL7Tests.reports(
      Self.message("A1", "alpha\nMSH|^~\\&|not a message\nOBX|bravo"))
    #expect(reports.count == 1)
  }

  @Test func `one unusable message doesn't affect the others`() throws {
    let file = Self.first + "MSH|^~\\&|A|B|C|D|E||ADT^A01|1\rPID|1\r" + Self.second
    #expect(try HL7Tests.reports(file).map(\.identifiers.revealed) == [["A1"], ["A2"]])
  }

  @Test func `orders have their own texts, orders reported together share one`() throws {
    let head = #"MSH|^~\&|RIS|HOSP|RN|HOSP|202601011200||ORU^R01|1|P|2.5"# + "\rPID|1||1\r"
    let own = try HL7Tests.reports(
      head + "OBR|1||A1\rOBX|1|TX|G||alpha\rOBR|2||A2\rOBX|1|TX|G||yankee\rZDS|1.2.3\r")
    #expect(own.map(\.identifiers.revealed) == [["A1"], ["A2"]])
    #expect(own.map(HL7Tests.text) == ["alpha\n", "yankee\n"])
    let together = try HL7Tests.reports(
      head + "ORC|RE||A1\rOBR|1||A1\rORC|RE||A2\rOBR|2||A2\rOBX|1|TX|G||alpha\r")
    #expect(together.map(\.identifiers.revealed) == [["A1"], ["A2"]])
    #expect(together.map(HL7Tests.text) == ["alpha\n", "alpha\n"])
  }

  @Test func `a file of more than 64 MiB is too large, and the reason says so`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("large.hl7", Self.first)
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.truncate(atOffset: UInt64(ReportFile.longestHL7) + 1)
    try file.close()
    let error = #expect(throws: Rejection.self) { try ReportFile(path, encoding: "UTF-8") }
    #expect(error?.code == .tooLarge)
  }

  @Test(arguments: ["", "||||||UNICODE UTF-8"])
  func `bytes that are invalid in the message's set are refused`(_ header: String) {
    let bytes = HL7Tests.single("H@matom", header: header).utf8.map { $0 == 0x40 ? 0xe4 : $0 }
    let error = #expect(throws: Rejection.self) { try ReportFile.reports(bytes, .utf8) }
    #expect(error?.code == .badEncoding)
  }

  @Test func `a large image beside the text is skipped`() throws {
    let file =
      Self.first + "OBX|2|ED|PDF||^application^pdf^Base64^"
      + String(repeating: "QUJD", count: 400_000) + "||||||F\r"
    #expect(HL7Tests.text(try HL7Tests.reports(file).first) == "alpha\n")
  }

  @Test(arguments: [
    ("A1  ", "A1"), (" A1", "A1"), ("A1\0", "A1"), ("A1^RIS", "A1"), (#"A\T\1"#, "A&1"),
  ])
  func `padding of identifiers doesn't count`(_ written: String, _ expected: String) throws {
    #expect(
      try HL7Tests.reports(Self.message(written, "x")).first?.identifiers.revealed == [expected])
  }

  @Test(arguments: [
    ("P", "C", true), ("P", "F", true), ("F", "C", true), ("C", "P", false), ("F", "P", false),
    ("C", "F", false), ("F", "F", true), ("R", "F", true), ("F", "D", true),
  ])
  func `of two versions of an observation one counts`(_ old: String, _ new: String, _ wins: Bool)
    throws
  {
    func observation(_ status: String) throws -> Observation {
      try #require(
        try HL7Tests.reports(
          Self.first.replacing("||||||F\r", with: "||||||\(status)\r")
        ).first?.observations.first)
    }
    let (before, after) = (try observation(old), try observation(new))
    #expect(before.identity == after.identity)
    #expect((before.rank <= after.rank) == wins)
    if new == "D" { #expect(after.text.revealed.isEmpty) }
  }
}
