import Core
import Testing

@testable import Intake

/// Which study each text of a message belongs to.
@Suite struct HL7OrderTests {
  private static let header = #"MSH|^~\&|RIS|HOSP|RN|HOSP|202601011200||ORU^R01|1|P|2.5"# + "\r"

  private static func reports(_ segments: [String]) throws -> [[String]] {
    try HL7Tests.reports(header + segments.map { $0 + "\r" }.joined()).map {
      $0.identifiers.revealed + [HL7Tests.text($0).filter { $0 != "\n" }]
    }
  }

  private static func text(_ text: String) -> String { "OBX|1|TX|I||\(text)||||||F" }

  @Test(arguments: [
    ("OBR|1|PLACER|FILLER^RIS|CT||||||||||||||ACC", ["ACC", "FILLER"]),
    ("OBR|1|PLACER|FILLER", ["FILLER"]), ("OBR|1|P| FILLER \t", ["FILLER"]),
    ("OBR|1||F1||||||||||||||| A1  ~A2^X~A1 ", ["A1", "A2", "F1"]),
    (#"OBR|1||""|CT||||||||||||||ACC^""#, ["ACC"]),
    (#"OBR|1||""^RIS|CT||||||||||||||ACC"#, ["ACC"]),
    (#"OBR|1||A\S\1"#, ["A^1"]), ("OBR|1||A&B^RIS", ["A"]),
    ("ORC|RE|PLACER|ORDER^RIS\rOBR|1||F1", ["F1", "ORDER"]), ("ORC|RE||O1\rOBR|1", ["O1"]),
    ("ORC|RE||O1", ["O1"]), ("OBR|1\rZDS|1.2.3 ^A~1.2.4", ["1.2.3", "1.2.4"]),
    ("ZDS|1.2.3\rOBR|1||F1", ["F1", "1.2.3"]),
  ])
  func `numbers of an order`(_ segments: String, _ expected: [String]) throws {
    #expect(try Self.reports([segments, Self.text("alpha")]) == [expected + ["alpha"]])
  }

  @Test(arguments: [
    // A ZDS below each order.
    (
      ["OBR|1||A1", text("alpha"), "ZDS|1.1", "OBR|2||A2", text("bravo"), "ZDS|1.2"],
      [["A1", "1.1", "alpha"], ["A2", "1.2", "bravo"]]
    ),
    (
      ["OBR|1", "ZDS|1.1", text("alpha"), "OBR|2", "ZDS|1.2", text("bravo")],
      [["1.1", "alpha"], ["1.2", "bravo"]]
    ),
    // It is unknown whose they are.
    (
      ["OBR|1||A1", text("alpha"), "OBR|2||A2", text("bravo"), "ZDS|1.1", "ZDS|1.2"],
      [["A1", "alpha"], ["A2", "bravo"]]
    ),
    // An order without an OBR, and one without a number.
    (
      ["OBR|1||A1", text("alpha"), "ORC|RE||A2", text("bravo")],
      [["A1", "alpha"], ["A2", "bravo"]]
    ),
    (["OBR|1||A1", text("alpha"), "ORC|RE", text("bravo")], [["A1", "alpha"]]),
    (["OBR|1||A1", text("alpha"), "OBR|2", text("bravo")], [["A1", "alpha"]]),
    (["OBR|1||A1", "ORC|RE||A1", text("alpha")], [["A1", "alpha"]]),
    // Notes stay with their order.
    (
      ["OBR|1||A1", "NTE|1||own", "OBR|2||A2", text("both")],
      [["A1", "ownboth"], ["A2", "both"]]
    ),
    // One message, two patients.
    (
      ["PID|1||1", "OBR|1||A1", text("alpha"), "PID|2||2", text("bravo"), "NTE|1||charlie"],
      [["A1", "alpha"]]
    ),
    (
      [
        "PID|1||1", "OBR|1", text("alpha"), "ZDS|1.1", "PID|2||2", "OBR|1", text("bravo"),
        "ZDS|1.2",
      ],
      [["1.1", "alpha"], ["1.2", "bravo"]]
    ),
  ])
  func `each text goes to its own order`(_ segments: [String], _ expected: [[String]]) throws {
    #expect(try Self.reports(segments) == expected)
  }

  @Test(arguments: ["\n", "\r\n", "\n\n", "\n \t", "\u{1c}\n", "\u{1c}", "\r \u{0b}"])
  func `a message on a line of its own is not part of the previous text`(_ between: String) throws {
    let second =
      Self.header + ["PID|1||2", "ZDS|1.2", Self.text("bravo")].joined(separator: "\r")
    let first =
      Self.header + ["PID|1||1", "OBR|1||A1", Self.text("alpha")].joined(separator: "\r")
    let reports = try HL7Tests.reports(first + between + second)
    #expect(reports.map(\.identifiers.revealed) == [["A1"], ["1.2"]])
    #expect(reports.map { HL7Tests.text($0).withoutPadding } == ["alpha", "bravo"])
  }

  @Test func `a frame mark within a text ends nothing`() throws {
    #expect(try Self.reports(["OBR|1||A1", Self.text("al\u{1c}pha")]) == [["A1", "al\u{1c}pha"]])
  }

  @Test func `persons' names of every segment are read`() throws {
    let names = try HL7Tests.reports(
      Self.header
        + "PID|1||1||DOE^JANE~ROE^J|MAIDEN^M\rNK1|1|KIN^K\rGT1|1|1|GARANT^G\rPRT|1|AD|||9^PARTNER\r"
        + "PV1|1|I|||||9^ATTENDING\rOBR|1||A1\rOBX|1|TX|I||x||||||F|||||9^OBSERVER\r"
    ).first?.names.revealed
    #expect(
      Set(names ?? []).isSuperset(of: [
        "doe", "jane", "roe", "maiden", "kin", "garant", "partner", "attending", "observer",
      ]))
  }
}
