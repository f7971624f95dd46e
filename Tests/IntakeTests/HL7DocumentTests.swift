import Core
import Testing

@testable import Intake

/// Documents (MDM messages): versions, addenda, withdrawal.
@Suite struct HL7DocumentTests {
  private static func message(
    _ event: String, number: String, parent: String = "", completion: String = "AU",
    availability: String = "AV", time: String = "202601011200", order: String = "",
    text: String? = "alpha"
  ) throws -> [Observation] {
    let header = #"MSH|^~\&|RIS|HOSP|RN|HOSP|\#(time)||MDM^\#(event)|1|P|2.5"# + "\r"
    let document =
      "TXA|1|RAD||||\(time)||||||\(number)|\(parent)|PLACER|A1^RIS||\(completion)||\(availability)\r"
    let result = text.map { "OBX|1|TX|I||\($0)||||||F\rOBX|2|FT|J||second||||||F\r" } ?? ""
    let report = try #require(
      try HL7Tests.reports(header + "PID|1||1\r" + order + document + result).first)
    #expect(report.identifiers.revealed.contains("A1"))
    return report.observations
  }

  /// The texts that count after several messages, in the order of the documents' numbers.
  private static func standing(_ messages: [[Observation]]) -> [String] {
    var texts: [String: Observation] = [:]
    for observation in messages.joined() {
      let identity = observation.identity.revealed
      if let known = texts[identity], known.rank > observation.rank { continue }
      texts[identity] = observation
    }
    return texts.sorted { $0.key < $1.key }.map(\.value.text.revealed).filter { !$0.isEmpty }
  }

  private static func inEveryOrder(_ messages: [[Observation]]) -> Set<[String]> {
    guard messages.count > 1 else { return [standing(messages)] }
    return [
      standing(messages), standing(messages.reversed()),
      standing(Array(messages.dropFirst()) + messages.prefix(1)),
    ]
  }

  @Test(arguments: ["", "ORC|RE||A1\r", "OBR|1||A1|CT\r", "ORC|RE||A1\rOBR|1||A1|CT\r"])
  func `a document is one text`(_ order: String) throws {
    let observations = try Self.message("T02", number: "D1^RIS", order: order)
    #expect(observations.map(\.text.revealed) == ["alpha\nsecond\n"])
    #expect(observations.first?.identity.revealed.hasSuffix("D1") == true)
  }

  @Test func `another version of a document replaces it`() throws {
    let versions = [
      try Self.message("T02", number: "D1", completion: "DI", text: "dictated"),
      try Self.message("T08", number: "D1", time: "202601011100", text: "signed"),
    ]
    #expect(Self.inEveryOrder(versions) == [["signed\nsecond\n"]])
  }

  @Test func `a replacement with a number of its own replaces its parent, and so on`() throws {
    let versions = [
      try Self.message("T02", number: "D1", text: "one"),
      try Self.message("T10", number: "D2", parent: "D1^RIS", time: "202601011201", text: "two"),
      try Self.message("T10", number: "D3", parent: "D2", time: "202601011202", text: "three"),
    ]
    #expect(Self.inEveryOrder(versions) == [["three\nsecond\n"]])
  }

  @Test func `an addendum stands beside its parent`() throws {
    let messages = [
      try Self.message("T02", number: "D1", text: "one"),
      try Self.message("T06", number: "D2", parent: "D1", time: "202601011201", text: "two"),
    ]
    #expect(Self.inEveryOrder(messages) == [["one\nsecond\n", "two\nsecond\n"]])
  }

  @Test(arguments: [("T11", "AV"), ("T11", "CA"), ("T03", "CA"), ("T04", "OB")])
  func `a cancelled or obsolete document is empty`(_ event: String, _ availability: String) throws {
    let messages = [
      try Self.message("T02", number: "D1"),
      try Self.message(event, number: "D1", availability: availability, text: nil),
    ]
    #expect(Self.inEveryOrder(messages) == [[]])
  }

  @Test func `a notice of a document leaves its text alone`() throws {
    #expect(try Self.message("T01", number: "D1", text: nil).isEmpty)
  }

  @Test(arguments: [
    ("AU", ReportRank.Stage.final), ("LA", .final), ("", .final), ("DI", .preliminary),
    ("DO", .preliminary), ("IN", .preliminary), ("IP", .preliminary), ("PA", .preliminary),
  ])
  func `the completion status sets the stage`(_ status: String, _ stage: ReportRank.Stage) throws {
    #expect(try Self.message("T02", number: "D1", completion: status).first?.rank.stage == stage)
  }

  @Test func `the latest of a document's times orders its versions`() throws {
    let observation = try HL7Tests.reports(
      "MSH|^~\\&|A|B|C|D|202601090000+0100||MDM^T02|1\r"
        + "TXA|1|RAD||202601011200||202601011300|202601011400|202601011500~202601011630||||D1|||A1\r"
        + "OBX|1|TX|I||x\r"
    ).first?.observations.first
    #expect(observation?.rank.time == "202601011530")
  }

  @Test func `a document without a number is an order's result`() throws {
    let observations = try Self.message("T02", number: "", order: "OBR|1||A1|CT\r")
    #expect(observations.map(\.text.revealed) == ["alpha\n", "second\n"])
  }
}
