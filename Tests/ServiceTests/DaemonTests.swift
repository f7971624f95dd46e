import Core
import Foundation
import Glibc
import TestSupport
import Testing

@Suite(.endsHang) struct DaemonTests {
  @Test func `a running daemon annotates arrivals, reclusters on request, and stops cleanly`()
    throws
  {
    let site = try Site(bootstrap: 20)
    let daemon = try site.start()
    defer { daemon.terminate() }
    try site.simulate(24)
    #expect(eventually { site.annotated >= 20 })
    try site.simulate(12, first: 24)
    #expect(eventually { site.annotated == 36 })

    func sincePromotion() throws -> Int? {
      try JSON(parsing: site.control(["--json", "status"]))["daemon"]?["units_since_promotion"]?.int
    }
    let before = try sincePromotion()
    let dry = try JSON(parsing: site.control(["--json", "recluster", "--dry-run"]))
    #expect(dry["promoted"]?.bool == false && dry["figures"]?["occupancy_psi"]?.double != nil)
    #expect(try sincePromotion() == before, "a dry run postpones nothing")
    let done = try JSON(parsing: site.control(["--json", "recluster", "--wait"]))
    #expect(done["generation"]?.int == 2)
    #expect(try site.events("recluster_promoted").count == 1)
    #expect(try site.events("recluster_finished").map { $0["dry_run"]?.bool } == [true, false])

    let status = try JSON(parsing: site.control(["--json", "status"]))
    #expect(status["daemon"]?["generation"]?.int == 2 && status["store"]?["units"]?.int == 36)
    daemon.terminate()
    daemon.waitUntilExit()
    #expect(daemon.terminationStatus == 0)
    try site.checkConsistency()
    #expect(try site.events().last?["event"]?.string == "stopped")
  }

  @Test func `after enough new units it reclusters by itself, and old labels resolve`() throws {
    let site = try Site(bootstrap: 20, k: 6, more: "[recluster]\nevery = 15")
    let daemon = try site.start()
    defer { daemon.terminate() }
    try site.simulate(20)
    #expect(eventually { site.annotated == 20 })
    try site.simulate(60, first: 20)
    #expect(
      try eventually { try site.annotated == 80 && site.events("recluster_promoted").count >= 2 })
    daemon.terminate()
    daemon.waitUntilExit()
    try site.checkConsistency()
    #expect(try site.events("recluster_started").allSatisfy { $0["reason"]?.string == "scheduled" })

    // Every label in the log resolves to a living cluster.
    let living = Set(
      try site.control(["--json", "clusters"]).split(separator: "\n").compactMap {
        try JSON(parsing: $0)["cluster"]?.string
      })
    for label in Set(try site.events().compactMap { $0["cluster"]?.string }) {
      let today = try site.control(["clusters", "resolve", label]).trimmingCharacters(in: .newlines)
      #expect(living.contains(today), "\(label) → \(today)")
    }
    // Each unit's last event has a living cluster.
    var current: [String: String] = [:]
    for event in try site.events() {
      if let unit = event["unit_key"]?.string { current[unit] = event["cluster"]?.string }
    }
    #expect(Set(current.values).isSubset(of: living))
  }

  @Test func `an unreadable bundle name stops the start instead of training another`() throws {
    let site = try Site()
    try site.folder.folder("state/bundles/active")
    let errors = try site.once(ExitCode.noInput.rawValue)
    #expect(errors.contains("state/bundles/active"))
  }

  @Test func `two daemons don't share a state folder`() throws {
    let site = try Site()
    let daemon = try site.start()
    defer { daemon.terminate() }
    #expect(
      eventually { FileManager.default.fileExists(atPath: site.folder.path + "/run/control.sock") })
    let errors = try site.once(ExitCode.temporaryFailure.rawValue)
    #expect(errors.contains("another radiologynetd uses this state folder"))
  }

  @Test func `stopping annotates the open studies`() throws {
    let site = try Site(quiet: 3_600)
    try site.simulate(10)
    try site.once()
    let daemon = try site.start()
    defer { daemon.terminate() }
    try site.simulate(5, first: 10)
    #expect(
      try eventually {
        try JSON(parsing: site.control(["--json", "status"]))["daemon"]?["open_studies"]?.int == 5
      })
    #expect(site.annotated == 10)
    daemon.terminate()
    daemon.waitUntilExit()
    #expect(daemon.terminationStatus == 0)
    #expect(site.annotated == 15)
  }

  @Test func `a fixed file leaves quarantine on retry`() throws {
    let site = try Site()
    try site.simulate(10)
    let whole = site.folder.path + "/whole.dcm"
    try SyntheticFile.write(whole)
    let data = try Data(contentsOf: URL(fileURLWithPath: whole))
    let broken = try site.folder.file("export/x.dcm", data.prefix(data.count - 900))
    try site.once()
    let listed = try JSON(parsing: site.control(["--json", "quarantine"]))
    #expect(listed["path"]?.string == broken)
    let daemon = try site.start()
    defer { daemon.terminate() }
    #expect(
      eventually { FileManager.default.fileExists(atPath: site.folder.path + "/run/control.sock") })
    let key = listed["file_key"]?.string ?? ""
    _ = try site.control(["quarantine", "retry", key])
    #expect(try eventually { try site.events("quarantine").count == 2 }, "it is still broken")
    try data.write(to: URL(fileURLWithPath: broken))
    #expect(eventually { site.annotated == 11 })
    #expect(try site.control(["quarantine"]).contains("nothing is in quarantine"))
  }

  @Test(arguments: [
    "not json\n", "{\"version\":99,\"command\":\"status\"}\n",
    "{\"version\":1,\"command\":\"fly\"}\n",
    "{\"version\":1}\n",
  ])
  func `garbage on the control socket gets an answer and does no harm`(_ request: String) throws {
    let site = try Site()
    let daemon = try site.start()
    defer { daemon.terminate() }
    let socket = site.folder.path + "/run/control.sock"
    #expect(eventually { FileManager.default.fileExists(atPath: socket) })
    let answer = try RawSocket(socket).ask(request)
    #expect(answer.contains("\"ok\":false"))
    _ = try RawSocket(socket)
    #expect(try JSON(parsing: site.control(["--json", "status"]))["daemon"]?["ok"]?.bool == true)
  }
}

/// A client that sends arbitrary text.
private struct RawSocket {
  private let descriptor: Int32

  init(_ path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard connected == 0 else { throw FileError(path: path) }
  }

  func ask(_ text: String) -> String {
    _ = Array(text.utf8).withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, 0) }
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    close(descriptor)
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
  }
}
