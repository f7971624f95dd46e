import Core
import Foundation
import TestSupport
import Testing

@testable import Service

/// Health depends on what last succeeded, not on what failed in between.
@Suite(.endsHang) struct HealthTests {
  @Test(arguments: Pulse.Part.allCases)
  func `a part without success within its limit is unhealthy until it succeeds`(_ part: Pulse.Part)
  {
    let start = ContinuousClock.now
    let limits = Dictionary(uniqueKeysWithValues: Pulse.Part.allCases.map { ($0, 100.0) })
    let pulse = Pulse(limits: limits, now: start)
    for other in Pulse.Part.allCases where other != part {
      pulse.beat(other, at: start + .seconds(90))
    }
    #expect(pulse.healthIssues(at: start + .seconds(99)).isEmpty)
    #expect(pulse.healthIssues(at: start + .seconds(101)).count == 1)
    #expect(pulse.ages(at: start + .seconds(101)).first { $0.part == part }?.seconds == 101)
    pulse.beat(part, at: start + .seconds(102))
    #expect(pulse.healthIssues(at: start + .seconds(110)).isEmpty)
    pulse.miss(part, "the share is gone")
    #expect(
      pulse.healthIssues(at: start + .seconds(110)) == ["the share is gone: last OK 8 s ago"])
    pulse.beat(part, at: start + .seconds(111))
    #expect(pulse.healthIssues(at: start + .seconds(112)).isEmpty)
  }

  enum Harm: CaseIterable { case log, linkedLog, input, emptyInput, store }

  @Test(arguments: Harm.allCases)
  func `an idle service that can't work says so, and recovers when it can`(_ harm: Harm) throws {
    let site = try Site(bootstrap: 12)
    if harm == .emptyInput { try site.simulate(3) }
    let socket = site.folder.path + "/run/metrics.sock"
    let text = try String(contentsOfFile: site.configuration, encoding: .utf8)
    try (text + "\n[metrics]\nlisten = \"\(socket)\"\n").write(
      toFile: site.configuration, atomically: true, encoding: .utf8)
    let daemon = try site.serve()
    defer {
      daemon.terminate()
      daemon.waitUntilExit()
    }
    func isWell() -> Bool { RawClient.get(socket, "/healthz")?.hasSuffix("ok\n") == true }
    #expect(eventually { isWell() })

    let (path, files) = (
      [
        Harm.log: site.log, .linkedLog: site.log, .input: site.input, .emptyInput: site.input,
        .store: site.store,
      ][harm]!, FileManager.default
    )
    let foreign = try site.folder.file("foreign", "somebody's\n")
    try files.moveItem(atPath: path, toPath: path + "-aside")
    switch harm {
    case .log, .emptyInput:
      try files.createDirectory(atPath: path, withIntermediateDirectories: true)
    case .linkedLog: try files.createSymbolicLink(atPath: path, withDestinationPath: foreign)
    default: break
    }
    #expect(eventually { !isWell() })
    #expect(RawClient.get(socket, "/metrics")?.contains("\nradiologynet_healthy 0\n") == true)
    if harm != .store { #expect(try site.control(["status"]).contains("UNHEALTHY")) }

    #expect(try String(contentsOfFile: foreign, encoding: .utf8) == "somebody's\n")
    if [.log, .linkedLog, .emptyInput].contains(harm) { try files.removeItem(atPath: path) }
    try files.moveItem(atPath: path + "-aside", toPath: path)
    #expect(eventually { isWell() })
    if harm != .emptyInput { try site.simulate(3) }
    #expect(
      try eventually {
        try JSON(parsing: site.control(["--json", "status"]))["daemon"]?["held_studies"]?.int == 3
      })
  }
}
