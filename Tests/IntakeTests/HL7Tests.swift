import Core
import Foundation
import Testing

@testable import Intake

@Suite struct HL7Tests {
  private static let message = [
    #"MSH|^~\&|RIS|HOSP|RN|HOSP|202601011200||ORU^R01|1|P|2.5"#,
    "PID|1||4711||CANARYNAME^ANNA^M", "ORC|RE||FILL77",
    "OBR|1|PLACER1|FILL77^RIS|CT^CT head||||||||||||CANARYDOC^KARL||ACC42",
    #"OBX|1|TX|&GDT||No bleeding.~Old infarct \T\ atrophy.||||||F"#, "OBX|2|NM|SIZE||12|mm",
    #"OBX|3|FT|&IMP||Impression:\.br\normal \F\ stable\H\!"#, "ZDS|1.2.840.99^Application^DICOM",
  ]

  @Test(arguments: ["\r", "\n", "\r\n"])
  func `identifiers, text and names are read`(_ end: String) throws {
    let report = try HL7Report("\u{0b}" + Self.message.joined(separator: end) + end + "\u{1c}\r")
    #expect(report.identifiers == ["FILL77", "ACC42", "1.2.840.99"])
    #expect(report.text == "No bleeding.\nOld infarct & atrophy.\nImpression:\nnormal | stable !\n")
    #expect(report.names == ["canaryname", "anna", "canarydoc", "karl"])
  }

  @Test func `other delimiters are those of the header`() throws {
    let report = try HL7Report("MSH#*+!%#A#B#C#D#E##ORU*R01#1\rOBR#1##X9*Y\rOBX#1#TX#I##one+two")
    #expect(report.identifiers == ["X9"])
    #expect(report.text == "one\ntwo\n")
  }

  @Test(arguments: [
    ("", "MSH"), ("no message", "MSH"), ("MSH|^~\\&|A|B|C|D|E||ADT^A01|1", "ORU"),
    ("MSH|^~\\&", "MSH"),
    ("MSH|^~\\&|A|B|C|D|E||ORU^R01|1\rOBX|1|TX|I||text", "accession"),
  ])
  func `what can't be used is refused with a reason`(_ message: String, _ reason: String) {
    let error = #expect(throws: Rejection.self) { try HL7Report(message) }
    #expect(error?.code == .malformed && error?.detail.contains(reason) == true)
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `no garbled message brings the reader down`(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var bytes = Array(Self.message.joined(separator: "\r").utf8)
    for _ in 0..<(1 + seed % 30) {
      bytes[Int(generator.next() % UInt64(bytes.count))] = UInt8(
        truncatingIfNeeded: generator.next())
    }
    _ = try? HL7Report(String(decoding: bytes, as: UTF8.self))
  }
}
