import Core
import Foundation
import Store
import TestSupport
import Testing

/// Waiting items are visible and never lost silently.
@Suite(.endsHang) struct WaitingTests {
  private static func orphan(_ site: Site) throws {
    try site.folder.folder("export/reports")
    try Data("contrast".utf8).write(
      to: URL(fileURLWithPath: site.input + "/reports/NOBODY.txt"))
  }

  @Test func `a report without a study is in log and status once, until the study comes`() throws {
    let site = try Site(bootstrap: 20, k: 2)
    try site.simulate(20)
    try Self.orphan(site)
    try site.once()
    try site.once()
    let events = try site.events("waiting")
    #expect(events.map { $0["kind"]?.string } == ["report"])
    let status = try JSON(parsing: site.control(["--json", "status"]))
    #expect(status["store"]?["waiting"]?["report"]?["count"]?.int == 1)
    #expect(try site.control(["status"]).contains("1 reports without a study"))
    _ = try site.control(["report", site.folder.path + "/report"])
    let page = try String(contentsOfFile: site.folder.path + "/report/intake.html", encoding: .utf8)
    #expect(page.contains("Reports without a study"))

    try SyntheticFile.write(
      site.input + "/a.dcm", study: "1.2.5", instance: "1.2.5.1",
      changes: [0x0008_0050: "NOBODY "])
    try site.once()
    #expect(try site.events("waiting").count == 1)
    let after = try JSON(parsing: site.control(["--json", "status"]))
    #expect(after["store"]?["waiting"]?["report"]?["count"]?.int == 0)
    try site.checkConsistency()
  }

  @Test func `a running daemon reports it after a set time, and forgets deleted files`() throws {
    let site = try Site(bootstrap: 500, k: 2)
    let text = try String(contentsOfFile: site.configuration, encoding: .utf8)
    try site.folder.file(
      "radiologynet.toml", text.replacing("[state]", with: "waiting_after = 1.0\n[state]"))
    try site.simulate(3)
    try Self.orphan(site)
    let daemon = try site.serve()
    #expect(
      eventually {
        let kinds = (try? site.events("waiting").compactMap { $0["kind"]?.string }) ?? []
        return kinds.filter { $0 == "report" }.count == 1
          && kinds.filter { $0 == "study" }.count == 3
      })
    daemon.terminate()
    daemon.waitUntilExit()
    try FileManager.default.removeItem(atPath: site.input + "/reports/NOBODY.txt")
    let again = try site.serve()
    defer { again.terminate() }
    #expect(
      eventually {
        (try? SQLiteStore(path: site.store, readOnly: true).waitingSummary()[.report] == nil)
          == true
      })
  }
}
