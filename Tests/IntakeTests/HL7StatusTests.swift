import Core
import Testing

@testable import Intake

/// Which of two versions of a text counts.
@Suite struct HL7StatusTests {
  private static func observation(
    _ status: String, order: String = "", time: String = "202601011200", changed: String = ""
  ) throws -> Observation {
    try #require(
      try HL7Tests.reports(
        #"MSH|^~\&|RIS|HOSP|RN|HOSP|\#(time)||ORU^R01|1|P|2.5"# + "\r"
          + "OBR|1||A1|CT^CT||||||||||||||||||\(changed)|||\(order)\rOBX|1|TX|I||text||||||\(status)\r"
      ).first?.observations.first)
  }

  @Test(arguments: ["F", "C", "", "U", "V", "B"])
  func `final results`(_ status: String) throws {
    let observation = try Self.observation(status)
    #expect(observation.rank.stage == .final && observation.text.revealed == "text\n")
  }

  @Test(arguments: ["P", "I", "S", "R", "O", "N"])
  func `preliminary results`(_ status: String) throws {
    let observation = try Self.observation(status)
    #expect(observation.rank.stage == .preliminary && observation.text.revealed == "text\n")
  }

  @Test(arguments: ["D", "W", "X"])
  func `withdrawn results have no text and win`(_ status: String) throws {
    let observation = try Self.observation(status)
    #expect(observation.text.revealed.isEmpty)
    #expect(try observation.rank > Self.observation("F").rank)
    #expect(try observation.rank > Self.observation("P", time: "202601020000").rank)
  }

  @Test(arguments: [
    ("", "P", ReportRank.Stage.preliminary, 0), ("", "A", .preliminary, 0),
    ("", "M", .preliminary, 1), ("", "F", .final, 0), ("", "C", .final, 1), ("F", "C", .final, 1),
    ("F", "P", .final, 0), ("P", "F", .preliminary, 0), ("", "X", .final, 1),
  ])
  func `the order's status applies if the result has none`(
    _ status: String, _ order: String, _ stage: ReportRank.Stage, _ correction: Int
  ) throws {
    let rank = try Self.observation(status, order: order).rank
    #expect(rank.stage == stage && rank.correction == correction)
  }

  @Test func `a status without its text leaves the text alone`() throws {
    let reports = try HL7Tests.reports(
      "MSH|^~\\&|A|B|C|D|202601011200||ORU^R01|1\rOBR|1||A1\rOBX|1|TX|I||||||||U\r")
    #expect(reports.first?.observations.isEmpty == true)
  }

  @Test func `of a text in several lines the most advanced status counts`() throws {
    let observations = try HL7Tests.reports(
      "MSH|^~\\&|A|B|C|D|2026||ORU^R01|1\rOBR|1||A1\rOBX|1|TX|I||one||||||F\rOBX|2|TX|I||two||||||C\r"
    ).first?.observations
    #expect(observations?.map(\.text.revealed) == ["one\ntwo\n"])
    #expect(observations?.first?.rank.correction == 1)
  }

  @Test(arguments: [
    ("202601011200", "", "202601011200"), ("20260101120000+0100", "", "20260101110000"),
    ("20260101003000.25+0100", "", "2025123123300025"), ("202601012330-0100", "", "202601020030"),
    ("2026010112-05:30", "", "202601011730"), ("202402282330-0100", "", "202402290030"),
    ("202601011200+0100", "202601011100", "202601011000"),
    ("202601011200+0100", "202601011100+0000", "202601011100"),
    ("202601011200+0100", "202601011130^S", "202601011030"), ("20260101", "", "20260101"),
    ("20260101+0100", "", "20260101"), ("202613011200+0100", "", "202613011200"),
    ("202601011200+9999", "", "202601011200"), ("yesterday", "", ""),
  ])
  func `times are compared in UTC`(_ time: String, _ changed: String, _ expected: String) throws {
    #expect(try Self.observation("F", time: time, changed: changed).rank.time == expected)
  }
}
