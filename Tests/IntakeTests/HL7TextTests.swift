import Core
import Foundation
import Testing

@testable import Intake

/// Which parts of a message are text, and how their bytes are decoded.
@Suite struct HL7TextTests {
  /// The text of a message of one order with these segments below its OBR.
  private static func text(_ segments: String, header: String = #"MSH|^~\&|"#) throws -> String {
    HL7Tests.text(try HL7Tests.reports(message(segments, header: header)).first)
  }

  private static func message(_ segments: String, header: String = #"MSH|^~\&|"#) -> String {
    header + "RIS|HOSP|RN|HOSP|202601011200||ORU^R01|1|P|2.5\rPID|1||1||DOE^J\rNTE|1||patient\r"
      + "OBR|1|P1|A1|CT^CT\r" + segments
  }

  @Test(arguments: [
    ("TX", "alpha~bravo", "alpha\nbravo\n"), ("FT", #"alpha\.br\bravo"#, "alpha\nbravo\n"),
    ("ST", "alpha & bravo ^ charlie", "alpha & bravo ^ charlie\n"), ("", "alpha", "alpha\n"),
    ("tx", "alpha", "alpha\n"), ("CE", "I60^bleeding^I10", "bleeding\n"),
    ("CE", "I60^^I10^S06^hemorrhage", "hemorrhage\n"), ("CE", "I60", ""),
    ("CWE", "I60^bleeding^I10~J1^normal", "bleeding\nnormal\n"),
    ("CWE", "I60^bleeding^I10^^^^^^as it was written", "as it was written\n"),
    ("CNE", "I60^bleeding^I10", "bleeding\n"), ("CF", #"I60^a \T\ b^I10"#, "a & b\n"),
    ("ED", "^application^pdf^Base64^QUJD", ""), ("ED", "^TEXT^PLAIN^A^QUJD", ""),
    ("RP", "http://pacs^RIS^APPLICATION^DICOM", ""), ("NM", "12", ""), ("SN", "^182", ""),
    ("DT", "20260101", ""), ("TX", #""""#, "\n"), ("TX", "", "\n"),
  ])
  func `value types`(_ type: String, _ value: String, _ expected: String) throws {
    #expect(try Self.text("OBX|1|\(type)|I||\(value)||||||F\r") == expected)
  }

  @Test(arguments: [
    ("NTE|1||alpha~bravo\rOBX|1|TX|I||text||||||F\r", "alpha\nbravo\ntext\n"),
    ("OBX|1|TX|I||text||||||F\rNTE|1||alpha\rNTE|2||bravo\r", "text\nalpha\nbravo\n"),
    ("OBX|1|NM|I||12||||||F\rNTE|1||alpha\r", "alpha\n"),
    ("OBX|1|TX|I||text||||||D\rNTE|1||alpha\r", ""),
    ("OBX|1|TX|I||text||||||F\rSPM|1\rNTE|1||of a specimen\r", "text\n"),
    ("ORC|RE\rNTE|1||of a request\rOBX|1|TX|I||text||||||F\r", "text\n"),
  ])
  func `notes below an order and a result are text`(_ segments: String, _ expected: String) throws {
    #expect(try Self.text(segments) == expected)
  }

  @Test(arguments: [
    "ZXX|1|what^ever\r", "ZZ1\r", "obx|1|TX|I||lower case\r", "XYZ*1*2\r", "PV9|x\r", "DSC|1\r",
  ])
  func `anything but a known segment is skipped`(_ line: String) throws {
    let after = "OBX|1|TX|I||alpha||||||F|\r"
    #expect(try Self.text(line + after) == "alpha\n")
    #expect(try Self.text(after + line) == "alpha\n")
    #expect(try Self.text(after + String(line.dropLast())) == "alpha\n")
  }

  @Test(arguments: [
    (#"MSH|^~\&|"#, #"a \F\ b \S\ c \T\ d \R\ e \E\ f \P\"#, #"a | b ^ c & d ~ e \ f #"#),
    (#"MSH|^~|"#, #"a \T\ b"#, "a & b"), (#"MSH|^~\&#|"#, #"\P\ cut#"#, "# cut#"),
    (#"MSH|^~\&%|"#, #"\P\"#, "%"),
    (#"MSH|^~\&|"#, #"\X48C3A4\m"#, "Häm"), (#"MSH|^~\&|"#, #"\X48c3a4\m"#, "Häm"),
    (#"MSH|^~\&|"#, #"\X\ \XZZ\ \X1\ \X+1\"#, #"\X\ \XZZ\ \X1\ \X+1\"#),
    (#"MSH|^~\&|"#, #"a\.br\b\.sp\c\.sp3\d\.ce\e"#, "a\nb\nc\nd\ne"),
    (#"MSH|^~\&|"#, #"a\.in4\b\.ti-2\c\.fi\d\.nf\e\.sk1\f"#, "abcde f"),
    (#"MSH|^~\&|"#, #"a\H\b\N\c\.H\d\.N\e"#, "abcde"), (#"MSH|^~\&|"#, #"a\Z0A\b"#, "ab"),
    (#"MSH|^~\&|"#, #"D:\Cases\Mine\Zoo\x"#, #"D:\Cases\Mine\Zoo\x"#),
    (#"MSH|^~\&|"#, #"\M2442\7l<p\C2842\ alpha"#, "血腫 alpha"),
    (#"MSH|^~\&|"#, #"\M242843\Gw\C284A\!"#, "혈!"),
    (#"MSH|^~\&|"#, #"\C2D41\H\XE4\matom\C2842\ alpha"#, "Hämatom alpha"),
    (#"MSH|^~\&|"#, #"\C2D4C\\XD3D5\\C2842\ alpha"#, "ге alpha"),
    (#"MSH|^~\&|"#, #"\M242943\\XC7F7\\C2842\ alpha"#, "혈 alpha"),
    (#"MSH|^~\&|"#, #"\C7E7E\alpha"#, "alpha"),
  ])
  func `escape sequences`(_ header: String, _ value: String, _ expected: String) throws {
    let text = try Self.text("OBX|1|FT|I||\(value)||||||F\r", header: header)
    #expect(text == expected + "\n")
  }

  @Test func `a text may change its character set without another in MSH-18`() throws {
    let message = Array(Self.message(#"OBX|1|FT|I||\C2D41\H"#).utf8) + [0xe4] + Array("m".utf8)
    #expect(HL7Tests.text(try ReportFile.reports(message, .utf8).first) == "Häm\n")
  }

  @Test(arguments: [
    "ISO IR100", "ISO_IR 100", "8859/1", "8859-1", "ISO8859-1", "ISO_8859-1", "latin1",
  ])
  func `Latin-1 by any of its names`(_ name: String) throws {
    let text = HL7Tests.single("H@matom", header: "||||||" + name)
    let bytes = text.utf8.map { $0 == UInt8(ascii: "@") ? 0xe4 : $0 }
    #expect(HL7Tests.text(try ReportFile.reports(bytes, .utf8).first) == "Hämatom\n")
  }

  @Test(arguments: [String.Encoding.utf16LittleEndian, .utf16BigEndian], [true, false])
  func `a file in UTF-16`(_ encoding: String.Encoding, _ isMarked: Bool) throws {
    let text = HL7Tests.single("Hämatom 血腫", header: "||||||UNICODE UTF-16")
    let data = try #require(((isMarked ? "\u{feff}" : "") + text).data(using: encoding))
    #expect(
      HL7Tests.text(try ReportFile.reports(Array(data), .latin1).first) == "Hämatom 血腫\n")
  }
}
