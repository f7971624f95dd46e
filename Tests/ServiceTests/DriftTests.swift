import Core
import Foundation
import Store
import TestSupport
import Testing

/// Drift as a user sees it: windows judged while the daemon runs, in the log and in radiologynetctl.
@Suite(.endsHang) struct DriftTests {
  private static let settings = "[drift]\nwindow = 60\nreference = 120"

  /// A site whose models and generation were fitted on 120 studies. Drift does not look at these.
  private static func site() throws -> Site {
    let site = try Site(bootstrap: 120, k: 6, more: settings)
    try site.simulate(120)
    try site.once()
    return site
  }

  @Test func `studies like the earlier ones raise nothing`() throws {
    let site = try Self.site()
    #expect(try site.control(["drift"]).contains("collecting a reference: 0 of 60"))
    try site.simulate(180, first: 120)
    try site.once()
    let windows = try site.events("drift")
    #expect(windows.compactMap { $0["window"]?.int } == [0, 1])
    #expect(windows.allSatisfy { $0["alarm"]?.bool == false })
    #expect(windows.allSatisfy { $0["reference_units"]?.int == 60 && $0["units"]?.int == 60 })
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path
    let schema = try JSONSchema(contentsOf: root + "/config/annotation.schema.json")
    for event in windows { #expect(schema.problems(event) == []) }
    #expect(try site.control(["drift"]).contains("window 1"))
    try site.checkConsistency()
  }

  /// A dropped report feed raises an alarm that names the text block, also if the daemon is killed between windows.
  @Test func `a dropped report feed raises an alarm that names the block`() throws {
    let site = try Self.site()
    try site.simulate(60, first: 120)
    try site.once()
    try site.simulate(120, first: 180)
    for name in FileManager.default.enumerator(atPath: site.input)?.compactMap({ $0 as? String })
      ?? [] where name.hasSuffix(".txt") || name.hasSuffix(".hl7")
    {
      try FileManager.default.removeItem(atPath: site.input + "/" + name)
    }
    for _ in 0..<3 {
      let daemon = try site.start()
      usleep(700_000)
      kill(daemon.processIdentifier, SIGKILL)
      daemon.waitUntilExit()
    }
    let output = try site.once()
    let windows = try site.events("drift")
    #expect(windows.compactMap { $0["window"]?.int } == [0, 1])
    #expect(windows.last?["alarm"]?.bool == true)
    for window in windows {
      #expect(window["raised"]?.bool == true)
      #expect(window["blocks"]?.array?.first?.string == "text")
      #expect(
        window["tests"]?.array?.contains {
          $0["test"]?.string == "presence" && $0["scope"]?.string == "text"
            && $0["raised"]?.bool == true
        } == true)
    }
    #expect(try site.control(["drift"]).contains("ALARM: text"))
    #expect(!output.uppercased().contains("CANARY"))
    try site.checkConsistency()
    for event in windows { #expect(!event.encoded.uppercased().contains("CANARY")) }
  }

  @Test func `a new generation starts a new window, compared with its own units`() throws {
    let site = try Self.site()
    try site.simulate(60, first: 120)
    try site.once()
    let daemon = try site.start()
    defer { daemon.terminate() }
    let socket = site.folder.path + "/run/control.sock"
    #expect(eventually { FileManager.default.fileExists(atPath: socket) })
    _ = try site.control(["recluster", "--wait"])
    try site.simulate(60, first: 180)
    #expect(try eventually { try site.events("drift").count == 1 })
    let last = try #require(site.events("drift").last)
    #expect(last["generation"]?.int == 2)
    #expect(last["window"]?.int == 0)
    #expect(last["reference_units"]?.int == 60)
  }
}
