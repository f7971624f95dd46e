import Core
import Store
import Testing

@testable import Service

/// Requests of control socket clients, as types.
@Suite struct ControlRequestTests {
  private func parse(_ text: String) throws -> ControlRequest {
    try ControlRequest(JSON(parsing: text))
  }

  @Test func `requests are parsed into types`() throws {
    #expect(try parse(#"{"version":1,"command":"status"}"#) == .status)
    #expect(
      try parse(#"{"version":1,"command":"recluster","dry_run":true,"wait":null}"#)
        == .recluster(dryRun: true, hold: false, waits: false))
    #expect(
      try parse(#"{"version":1,"command":"review","cluster":3,"name":""}"#)
        == .review(cluster: 3, name: "", trust: nil, .none))
    #expect(
      try parse(#"{"version":1,"command":"review","cluster":3,"trust":"accepted"}"#)
        == .review(cluster: 3, name: nil, trust: .accepted, .none))
  }

  @Test(arguments: [
    (#"["status"]"#, "object"), (#"{"version":1}"#, "command is missing"),
    (#"{"version":1,"command":["status"]}"#, "command has to be text"),
    (#"{"version":1,"command":"fly"}"#, "unknown command fly"),
    (#"{"version":1,"command":"review","cluster":1,"trust":5}"#, "trust has to be text"),
    (#"{"version":1,"command":"review","cluster":1,"trust":"good"}"#, "unreviewed, accepted"),
    (#"{"version":1,"command":"review","cluster":1,"name":["x"]}"#, "name has to be text"),
    (#"{"version":1,"command":"review","cluster":"1"}"#, "cluster has to be a whole number"),
    (#"{"version":1,"command":"review","name":"x"}"#, "cluster is missing"),
    (#"{"version":1,"command":"recluster","dry_run":"yes"}"#, "dry_run has to be true or false"),
    (#"{"version":1,"command":"recluster","dry-run":true}"#, "unknown member dry-run"),
    (#"{"version":1,"command":"rollback","generation":1.5}"#, "generation has to be"),
    (#"{"version":1,"command":"activate","bundle":"../../x"}"#, "16 hexadecimal digits"),
    (#"{"version":1,"command":"retry","file_key":{}}"#, "file_key has to be text"),
  ])
  func `wrong types, missing members and unknown members are refused`(
    _ text: String, _ reason: String
  ) {
    #expect { try parse(text) } throws: { "\($0)".contains(reason) }
  }
}
