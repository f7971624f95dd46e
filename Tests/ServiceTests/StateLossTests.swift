import Core
import Foundation
import Glibc
import TestSupport
import Testing

/// Losses from a service's state folder are noticed, and nothing is created in place of lost files.
@Suite(.endsHang) struct StateLossTests {
  @Test(arguments: [false, true])
  func `a store is opened with its own site key only`(_ isReplaced: Bool) throws {
    let site = try Site(bootstrap: 12, k: 2)
    try site.simulate(12)
    try site.once()
    let key = site.folder.path + "/state/site.key"
    try FileManager.default.moveItem(atPath: key, toPath: key + "-kept")
    if isReplaced { try site.folder.file("state/site.key", String(repeating: "0", count: 64)) }
    let errors = try site.once(ExitCode.noInput.rawValue)
    #expect(errors.contains("site key") && errors.contains("from a backup"))
    #expect(FileManager.default.fileExists(atPath: key) == isReplaced)
    try? FileManager.default.removeItem(atPath: key)
    try FileManager.default.moveItem(atPath: key + "-kept", toPath: key)
    try site.once()
    #expect(site.annotated == 12)
  }

  @Test func `two daemons never share a state folder, whatever is removed from it`() throws {
    let site = try Site(bootstrap: 12)
    _ = try site.serve()
    try FileManager.default.removeItem(atPath: site.folder.path + "/state/lock")
    #expect(
      try site.once(ExitCode.temporaryFailure.rawValue).contains(
        "another radiologynetd uses this state"))
  }

  enum Loss: String, CaseIterable {
    case wal = "state/radiologynet.sqlite-wal"
    case socket = "run/control.sock"
  }

  @Test(arguments: Loss.allCases)
  func `a running daemon notices the loss of what it needs`(_ loss: Loss) throws {
    let site = try Site(bootstrap: 12)
    let socket = site.folder.path + "/run/metrics.sock"
    let text = try String(contentsOfFile: site.configuration, encoding: .utf8)
    try (text + "\n[metrics]\nlisten = \"\(socket)\"\n").write(
      toFile: site.configuration, atomically: true, encoding: .utf8)
    _ = try site.serve()
    func health() -> String { RawClient.get(socket, "/healthz") ?? "" }
    #expect(eventually { health().hasSuffix("ok\n") })
    let path = site.folder.path + "/" + loss.rawValue
    try FileManager.default.removeItem(atPath: path)
    #expect(eventually(within: 90) { health().contains(path) || health().contains("store can't") })
  }

  @Test func `a client that keeps connections open keeps no one else out`() throws {
    let site = try Site(bootstrap: 12)
    _ = try site.serve()
    let path = site.folder.path + "/run/control.sock"
    let idle = (0..<8).compactMap { _ in RawClient.connect(path) }
    defer { for socket in idle { close(socket) } }
    #expect(idle.count == 8)
    let request: JSON = ["version": .int(ControlSocket.version), "command": "status"]
    #expect(
      try eventually {
        try ControlSocket.ask(path, request)["error"]?.string?.contains("too many") == true
      })
    guard getuid() == 0 else { return }
    for path in [path, site.configuration] { chmod(path, 0o666) }
    chmod(site.folder.path + "/run", 0o755)
    let other = try Tool("/usr/bin/env").run([
      "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", site.ctl.path, "--config",
      site.configuration, "status",
    ])
    #expect(other.output.contains("running"), "\(other.errors)")
  }
}
