import Core
import Foundation
import TestSupport
import Testing

/// Owner and mode of the files that the service and its commands leave.
@Suite(.endsHang) struct StateRightsTests {
  private static func paths(_ folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).map { folder + "/" + $0 } + [folder]
  }

  /// Files and folders that others may read or the group may write.
  private static func open(_ folder: String) throws -> [String] {
    try paths(folder).filter { path in
      var information = stat()
      guard lstat(path, &information) == 0 else { return true }
      return [S_IFREG, S_IFDIR].contains(information.st_mode & S_IFMT)
        && information.st_mode & 0o027 != 0
    }
  }

  private static func foreign(_ folder: String, to user: uid_t, _ group: gid_t) throws -> [String] {
    try paths(folder).filter { path in
      var information = stat()
      guard lstat(path, &information) == 0 else { return true }
      return information.st_uid != user || information.st_gid != group
    }
  }

  @Test(arguments: ["0", "022", "077"])
  func `others can't read state, log, reports and exports, whatever the umask`(_ mask: String)
    throws
  {
    let site = try Site(
      bootstrap: 20, k: 2, more: "[review]\nlisten = \"/tmp/\(UUID().uuidString.prefix(8)).r\"")
    try site.simulate(20)
    func masked(_ words: [String]) throws {
      let output = try Tool("/bin/sh").run(["-c", "umask \(mask); exec \"$@\"", "sh"] + words)
      #expect(output.code == 0, "\(words): \(output.errors)")
    }
    let config = ["--config", site.configuration]
    try masked([site.ctl.path] + config + ["train"])
    try masked([site.daemon.path] + config + ["--once"])
    let places = ["report", "dataset"].map { site.folder.path + "/" + $0 }
    try masked([site.ctl.path] + config + ["report", places[0]])
    try masked(
      [site.ctl.path] + config + ["export", places[1], "--include", "all", "--side", "64"])
    for place in ["state", "log"].map({ site.folder.path + "/" + $0 }) + places {
      #expect(try Self.open(place).isEmpty)
    }
    // Also files that exist only while the daemon runs.
    let daemon = try site.start(mask: mask)
    defer { daemon.terminate() }
    #expect(eventually { (try? site.control(["status"]).contains("running")) == true })
    #expect(try Self.open(site.folder.path + "/state").isEmpty)
    #expect(FileManager.default.fileExists(atPath: site.store + "-wal"))
  }

  @Test func `doctor names files that are open to others, and says how to fix them`() throws {
    let site = try Site(bootstrap: 12)
    try site.simulate(12)
    try site.once()
    #expect(try site.control(["doctor"]).contains("owner and mode: "))
    chmod(site.store, 0o644)
    chmod(site.log, 0o660)
    var sick = try site.ctl.run(["--config", site.configuration, "doctor"])
    #expect(sick.code == ExitCode.unavailable.rawValue)
    #expect(sick.output.contains("and 1 more are open to others"))
    #expect(sick.output.contains("fix: chmod -R g-w,o-rwx"))
    guard getuid() == 0 else { return }
    try #require(chown(site.store, 65_534, 65_534) == 0)
    sick = try site.ctl.run(["--config", site.configuration, "doctor"])
    #expect(sick.output.contains("fix: chown -R 0:0"))
  }

  @Test(.enabled(if: getuid() == 0, "only root can lock the service out"))
  func `files from root's commands belong to the service`() throws {
    let site = try Site(k: 3)
    try site.simulate(30)
    let (user, group) = (uid_t(65_534), gid_t(65_533))
    for name in ["state", "log", "run", "results"] {
      try #require(chown(try site.folder.folder(name), user, group) == 0)
      chmod(site.folder.path + "/" + name, 0o750)
    }
    _ = try site.control(["train"])
    _ = try site.control([
      "evaluate", "--out", site.folder.path + "/results/evaluation", "--clusters", "3", "--seeds",
      "1", "--networks", "no",
    ])
    let bundle = try #require(
      try FileManager.default.contentsOfDirectory(atPath: site.folder.path + "/state/bundles")
        .first { $0.count == 16 })
    _ = try site.control(["bundle", "activate", bundle])
    // The daemon run by hand, once as root, then as the service.
    try site.once()
    for name in ["state", "log", "results"] {
      #expect(try Self.foreign(site.folder.path + "/" + name, to: user, group).isEmpty)
    }
    try site.simulate(5, first: 30)
    let output = try Tool("/usr/bin/env").run([
      "setpriv", "--reuid=\(user)", "--regid=\(group)", "--clear-groups", site.daemon.path,
      "--config", site.configuration, "--once",
    ])
    #expect(output.code == 0, "\(output.errors)")
    #expect(site.annotated == 35)
    _ = try site.control(["doctor"])
    for name in ["state", "log"] {
      #expect(try Self.foreign(site.folder.path + "/" + name, to: user, group).isEmpty)
    }
  }
}
