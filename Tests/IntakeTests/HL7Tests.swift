import Core
import Foundation
import Testing

@testable import Intake

/// What one HL7 message says, as the daemon sees it.
@Suite struct HL7Tests {
  private static let message = [
    #"MSH|^~\&|RIS|HOSP|RN|HOSP|202601011200||ORU^R01|1|P|2.5"#,
    "PID|1||4711||CANARYNAME^ANNA^M", "ORC|RE||FILL77",
    "OBR|1|PLACER1|FILL77^RIS|CT^CT head||||||||||||CANARYDOC^KARL||ACC42",
    #"OBX|1|TX|&GDT||No bleeding.~Old infarct \T\ atrophy.||||||F"#, "OBX|2|NM|SIZE||12|mm",
    #"OBX|3|FT|&IMP||Impression:\.br\normal \F\ stable\H\!"#, "ZDS|1.2.840.99^Application^DICOM",
  ]

  static func reports(_ text: String, encoding: TextEncoding = .utf8) throws -> [Report] {
    try ReportFile.reports(Array(text.utf8), encoding)
  }

  static func text(_ report: Report?) -> String {
    report?.observations.map(\.text.revealed).joined() ?? ""
  }

  /// A message of one order, with a value of OBX-5.
  static func single(_ value: String, header: String = "", patient: String = "DOE^JANE") -> String {
    #"MSH|^~\&|RIS|HOSP|RN|HOSP|202601011200||ORU^R01|1|P|2.5\#(header)"# + "\r"
      + "PID|1||4711||\(patient)\rOBR|1|P1|A1|CT^CT\rOBX|1|TX|GDT||\(value)||||||F\r"
  }

  @Test(arguments: ["\r", "\n", "\r\n"])
  func `identifiers, text and names are read`(_ end: String) throws {
    let reports = try Self.reports(
      "\u{0b}" + Self.message.joined(separator: end) + end + "\u{1c}\r")
    let report = try #require(reports.first)
    #expect(reports.count == 1)
    #expect(report.identifiers.revealed == ["ACC42", "FILL77", "1.2.840.99"])
    #expect(
      Self.text(report)
        == "No bleeding.\nOld infarct & atrophy.\nImpression:\nnormal | stable!\n")
    #expect(Set(["canaryname", "anna", "canarydoc", "karl"]).isSubset(of: report.names.revealed))
  }

  @Test(arguments: [
    ("PID", 5), ("PID", 6), ("PID", 9), ("NK1", 2), ("NK1", 30), ("PV1", 7), ("PV1", 8), ("PV1", 9),
    ("OBR", 16),
    ("OBR", 28), ("OBR", 32), ("OBR", 34), ("ORC", 12), ("MRG", 7), ("GT1", 3), ("IN1", 16),
    ("OBX", 25), ("PRT", 5),
  ])
  func `every field with a name of a person is read`(_ segment: String, _ field: Int) throws {
    let line =
      segment + String(repeating: "|", count: field) + "17^van der Kanarek^Ana~18&Horvat&Eva"
    let names = try Self.reports(Self.single("x") + line + "\r").first?.names.revealed ?? []
    #expect(
      Set(["kanarek", "vanderkanarek", "ana", "horvat", "eva"]).isSubset(of: names), "\(names)")
  }

  @Test func `other delimiters are read from the header`() throws {
    let report = try #require(
      try Self.reports("MSH#*+!%#A#B#C#D#E##ORU*R01#1\rOBR#1##X9*Y\rOBX#1#TX#I##one+two").first)
    #expect(report.identifiers.revealed == ["X9"])
    #expect(Self.text(report) == "one\ntwo\n")
  }

  @Test(arguments: [
    ("alpha\ncharlie\necho", "alpha\ncharlie\necho\n"),
    ("alpha\u{0c}bravo", "alpha\nbravo\n"), ("alpha\u{85}bravo", "alpha\nbravo\n"),
    ("alpha\u{2028}bravo", "alpha\nbravo\n"),
    (#"H\XC3A4\matom \XC384\dem H\XE4\matom"#, "Hämatom Ädem Hämatom\n"),
    (#"a\H\b\N\c"#, "abc\n"), (#"5 \S\ 3 \E\ 2 \R\"#, "5 ^ 3 \\ 2 ~\n"),
    (#"one\X0D0A\two"#, "one\ntwo\n"), (#"one\.sp2\two\.in4\"#, "one\ntwo\n"),
    (#"C:\ and \Q\"#, "C:\\ and \\Q\\\n"), (#"half \XZZ\ \X1\"#, "half \\XZZ\\ \\X1\\\n"),
  ])
  func `escapes and line ends of a field`(_ value: String, _ expected: String) throws {
    #expect(Self.text(try Self.reports(Self.single(value)).first) == expected)
  }

  @Test(arguments: [#"M\XC3BC\ller^Smithson&Ivanov"#, #"M\XFC\ller^Smithson&Ivanov~Roe"#])
  func `names are read with their escapes and every component`(_ patient: String) throws {
    let names = try Self.reports(Self.single("x", patient: patient)).first?.names.revealed ?? []
    #expect(Set(["müller", "smithson", "ivanov"]).isSubset(of: names))
  }

  @Test(arguments: [
    ("UNICODE UTF-8", "UTF-8"), ("8859/1", "ISO-8859-1"), ("8859/2", "ISO-8859-2"),
    ("8859/15 ", "ISO-8859-15"), ("ISO-8859-1", "ISO-8859-1"), ("WINDOWS-1252", "CP1252"),
    ("utf8", "UTF-8"), ("GB 18030-2000", "GB18030"), ("KOI8-R", "KOI8-R"), ("BIG-5", "BIG5"),
    ("SHIFT_JIS", "SHIFT_JIS"), ("~ISO IR87", "ISO-2022-JP-2"),
  ])
  func `MSH-18 wins over the configuration`(_ term: String, _ encoding: String) throws {
    let value =
      switch encoding {
      case "KOI8-R": "гематома"
      case "GB18030", "BIG5": "血腫"
      case "SHIFT_JIS", "ISO-2022-JP-2": "血腫ソ表"
      default: "Hämatom Ödem"
      }
    let text = Self.single(value, header: "||||||" + term)
    let bytes = try #require(Self.encode(text, encoding))
    let reports = try ReportFile.reports(bytes, TextEncoding("koi8-u") ?? .utf8)
    #expect(Self.text(reports.first) == value + "\n")
  }

  /// glibc's converter in the other direction.
  private static func encode(_ text: String, _ encoding: String) -> [UInt8]? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/iconv")
    process.arguments = ["-f", "UTF-8", "-t", encoding]
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    guard (try? process.run()) != nil else { return nil }
    input.fileHandleForWriting.write(Data(text.utf8))
    try? input.fileHandleForWriting.close()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? Array(data) : nil
  }

  @Test(arguments: [
    ("", "MSH"), ("no message", "MSH"), ("MSH|^~\\&|A|B|C|D|E||ADT^A01|1", "ORU"),
    ("MSH|^~\\&", "MSH"),
    ("MSH|^~\\&|A|B|C|D|E||ORU^R01|1\rOBX|1|TX|I||text", "accession"),
  ])
  func `an unusable message is refused with a reason`(_ message: String, _ reason: String) {
    let error = #expect(throws: Rejection.self) { try Self.reports(message) }
    #expect(error?.code == .malformed && error?.detail.contains(reason) == true)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `no garbled message crashes the reader`(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var bytes = Array(Self.message.joined(separator: seed % 2 == 0 ? "\r" : "\n").utf8)
    for _ in 0..<(1 + seed % 30) {
      bytes[Int(generator.next() % UInt64(bytes.count))] = UInt8(
        truncatingIfNeeded: generator.next())
    }
    _ = try? ReportFile.reports(bytes, .utf8)
    _ = try? ReportFile.reports(Array(bytes.prefix(Int(generator.next() % 400))), .latin1)
  }
}
