import Core
import Foundation
import Store
import TestSupport
import Testing

/// The running daemon as a supervisor and an administrator see it.
@Suite(.endsHang) struct ServiceTests {
  private func edit(_ site: Site, _ changes: [String: String]) throws {
    var text = try String(contentsOfFile: site.configuration, encoding: .utf8)
    for (old, new) in changes { text = text.replacing(old, with: new) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: site.configuration))
  }

  /// The daemon's own answer, whatever the configuration file says now.
  private func status(_ site: Site) -> JSON? {
    try? ControlSocket.ask(
      site.folder.path + "/run/control.sock",
      ["version": .int(ControlSocket.version), "command": "status"])
  }

  private func reloads(_ site: Site) throws -> [JSON] {
    try site.events("lifecycle").filter { $0["event"]?.string == "reloaded" }
  }

  @Test func `SIGHUP applies what it can, names what it can't, and survives a faulty file`() throws
  {
    let site = try Site(quiet: 600, bootstrap: 12)
    try site.simulate(12)
    let daemon = try site.start()
    defer { daemon.terminate() }
    #expect(
      eventually { status(site)?["open_studies"]?.int == 12 })
    try edit(site, ["quiet = 600.0": "quiet = tomorrow"])
    kill(daemon.processIdentifier, SIGHUP)
    #expect(
      eventually {
        status(site)?["last_problem"]?.string?.contains("the configuration stays as it was") == true
      })
    #expect(try reloads(site).isEmpty)
    // With a shorter quiet time the open studies are complete at once.
    try edit(site, ["quiet = tomorrow": "quiet = 0.2", "rescan = 0.5": "rescan = 0.7"])
    kill(daemon.processIdentifier, SIGHUP)
    #expect(eventually { site.annotated == 12 })
    let event = try #require(try reloads(site).first)
    #expect(event["taken"]?.array?.compactMap(\.string) == ["intake.quiet"])
    #expect(event["waiting"]?.array?.compactMap(\.string) == ["intake.rescan"])
  }

  @Test(arguments: [("pca", false), ("autoencoder", true)])
  func `libtorch is loaded only for models that need it`(_ method: String, _ isNeeded: Bool) throws
  {
    let site = try Site(
      bootstrap: 12, more: "[features]\ntags = \"\(method)\"")
    try site.simulate(12)
    try site.once()
    let daemon = try site.serve()
    defer { daemon.terminate() }
    let file = try #require(
      FileHandle(forReadingAtPath: "/proc/\(daemon.processIdentifier)/maps"))
    let maps = try #require(try file.readToEnd())
    #expect(String(decoding: maps, as: UTF8.self).contains("libtorch_cpu") == isNeeded)
  }

  @Test func `metrics and health are served where the configuration says`() throws {
    let site = try Site(bootstrap: 12)
    let socket = site.folder.path + "/run/metrics.sock"
    try edit(site, ["[bootstrap]": "[metrics]\nlisten = \"\(socket)\"\n[bootstrap]"])
    try site.simulate(12)
    let daemon = try site.start()
    defer { daemon.terminate() }
    #expect(eventually { site.annotated == 12 })
    #expect(
      eventually {
        RawClient.get(socket, "/metrics")?.contains("\nradiologynet_annotated_units_total 12\n")
          == true
      })
    let text = try #require(RawClient.get(socket, "/metrics"))
    for line in [
      "radiologynet_generation 1", "radiologynet_healthy 1", "radiologynet_queued_files 0",
      "# TYPE radiologynet_annotation_lag_seconds histogram",
    ] { #expect(text.contains("\n\(line)\n"), "\(line)") }
    // Every family is declared once, and buckets never decrease.
    let names = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE") }
    #expect(Set(names).count == names.count)
    let buckets = text.split(separator: "\n").filter { $0.contains("_bucket{") }
      .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
    #expect(buckets == buckets.sorted() && buckets.count == 12)
    #expect(RawClient.get(socket, "/healthz")?.hasSuffix("ok\n") == true)
    #expect(!text.contains("CANARY"))
  }

  @Test(arguments: [
    "garbage\n", "{\"version\":1", "{\"version\":99,\"command\":\"status\"}\n", "[1,2]\n",
    "\u{0}\u{0}\n",
    "{\"version\":1,\"command\":\"status\",\"x\":\"" + String(repeating: "a", count: 2 << 20)
      + "\"}\n",
  ])
  func `a garbled request affects only its own connection`(_ request: String) throws {
    let site = try Site(bootstrap: 12)
    let daemon = try site.start()
    defer { daemon.terminate() }
    let socket = site.folder.path + "/run/control.sock"
    #expect(eventually { ControlSocket.isServed(socket) })
    if request.hasSuffix("\n") {
      let answer = RawClient.exchange(socket, Array(request.utf8))
      #expect(answer == nil || answer?.contains("\"ok\":false") == true || answer?.isEmpty == true)
    } else {
      // Half a request: its sender waits, others don't.
      Thread.detachNewThread { _ = RawClient.exchange(socket, Array(request.utf8)) }
    }
    #expect(try site.control(["status"]).contains("ing, version"))
  }

  @Test func `SIGTERM ends in time with many open studies, and nothing is lost`()
    throws
  {
    let site = try Site(quiet: 600, bootstrap: 20)
    try site.simulate(20)
    try site.once()
    try site.simulate(100, first: 20)
    let daemon = try site.start()
    #expect(
      eventually { status(site)?["open_studies"]?.int == 100 })
    daemon.terminate()
    // The unit's limit before it kills.
    #expect(eventually(within: 30) { !daemon.isRunning })
    #expect(daemon.terminationStatus == 0)
    try site.once()
    #expect(site.annotated == 120)
    try site.checkConsistency()
  }

  @Test func `doctor finds nothing in a healthy site, and says how to fix a broken one`() throws {
    let site = try Site(bootstrap: 12)
    try site.simulate(12)
    try site.once()
    let healthy = try site.control(["doctor"])
    #expect(!healthy.contains("FAIL") && healthy.contains("lines agree with the store"))
    var lines = try String(contentsOfFile: site.log, encoding: .utf8).split(separator: "\n")
    lines.remove(at: 5)
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: site.log))
    let bundles = site.folder.path + "/state/bundles"
    let bundle = try #require(try FileManager.default.contentsOfDirectory(atPath: bundles).first)
    try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(bundles)/\(bundle)/tags.json"))
    chmod(site.folder.path + "/state/site.key", 0o644)
    let sick = try site.ctl.run(["--config", site.configuration, "doctor"])
    #expect(sick.code == ExitCode.unavailable.rawValue)
    for text in ["event 7 follows event 5", "tags.json was changed", "chmod 0600", "fix:"] {
      #expect(sick.output.contains(text), "\(text)")
    }
  }

  @Test(arguments: ["no database at all", "SQLite format 3\0"])
  func `a damaged store is reported as damaged, not as a problem of rights`(_ start: String) throws
  {
    let site = try Site(bootstrap: 12)
    try site.simulate(12)
    try site.once()
    for name in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: site.store + name) }
    var bytes = try readFile(site.store)
    bytes.replaceSubrange(0..<4_096, with: Data(repeating: 0x5a, count: 4_096))
    bytes.replaceSubrange(0..<start.utf8.count, with: Data(start.utf8))
    try bytes.write(to: URL(fileURLWithPath: site.store))
    let sick = try site.ctl.run(["--config", site.configuration, "doctor"])
    #expect(sick.output.contains("restore") && !sick.output.contains("member of group"))
    #expect(try site.control(["clusters"], code: ExitCode.data.rawValue).contains("damaged"))
  }

  enum Ailment: CaseIterable {
    case emptyName, missingBundle, noLogFolder, foreignLog, noStoreRights, noInputRights
  }

  @Test(
    .enabled(if: getuid() == 0, "only root can look with another's rights"),
    arguments: Ailment.allCases)
  func `root's doctor sees what the service would, and each remedy fits`(_ ailment: Ailment) throws
  {
    let site = try Site(bootstrap: 12)
    try site.simulate(12)
    try site.once()
    let state = site.folder.path + "/state"
    for path in ["state", "log", "export"].map({ site.folder.path + "/" + $0 }) {
      let paths = try FileManager.default.subpathsOfDirectory(atPath: path).map { path + "/" + $0 }
      for path in [path] + paths { try #require(lchown(path, 65_534, 65_534) == 0) }
    }
    let expected: [String]
    switch ailment {
    case .emptyName:
      try site.folder.file("state/bundles/active", "")
      expected = ["bundles/active: names no bundle", "bundle activate"]
    case .missingBundle:
      try site.folder.file("state/bundles/active", "0123456789abcdef")
      expected = ["names 0123456789abcdef, which isn't there"]
    case .noLogFolder:
      try FileManager.default.removeItem(atPath: site.folder.path + "/log")
      expected = ["No such file", "make its folder"]
    case .foreignLog:
      try #require(lchown(site.log, 0, 0) == 0)
      chmod(site.log, 0o600)
      expected = ["state.log: \(site.log): Permission denied"]
    case .noStoreRights:
      chmod(site.store, 0)
      expected = ["state.directory: \(site.store): Permission denied"]
    case .noInputRights:
      chmod(site.input, 0)
      expected = ["intake.input: \(site.input): Permission denied"]
    }
    let sick = try site.ctl.run(["--config", site.configuration, "doctor"])
    #expect(sick.code == ExitCode.unavailable.rawValue)
    for text in expected { #expect(sick.output.contains(text), "\(text)") }
    #expect(!sick.output.contains("member of group") || ailment == .noStoreRights)
    try #require(chown(state, 0, 0) == 0)
  }

  @Test func `the self-test doesn't write through planted links`() throws {
    let site = try Site()
    let victim = try site.folder.file("victim", "mine")
    let temporary = try site.folder.folder("tmp")
    // exec keeps the process ID.
    let output = try Tool("/bin/sh").run(
      [
        "-c",
        "ln -s \"$1\" \"$TMPDIR/radiologynet-self-test-$$.dcm\"; exec \"$2\" --config \"$3\" --once",
        "sh", victim, site.daemon.path, site.configuration,
      ], environment: ["TMPDIR": temporary])
    #expect(output.code == 0, "\(output.errors)")
    #expect(try readFile(victim) == Data("mine".utf8))
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).count == 1)
  }

  @Test(.enabled(if: getuid() == 0, "only root can become another user"))
  func `a member of the group can read the store, whether the daemon runs or not`() throws {
    let site = try Site(bootstrap: 20, k: 2)
    try site.simulate(20)
    try site.once()
    func shell(_ words: [String]) throws -> Tool.Output { try Tool("/usr/bin/env").run(words) }
    // New files get the folder's group, like the service's own.
    let state = site.folder.path + "/state"
    #expect(try shell(["chgrp", "-R", "65534", state]).code == 0)
    #expect(try shell(["chmod", "g+s", state]).code == 0)
    func asMember(_ command: String) throws {
      let output = try shell([
        "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", site.ctl.path, "--config",
        site.configuration, command,
      ])
      #expect(output.code == 0, "\(command): \(output.errors)")
    }
    let commands = ["clusters", "generations", "drift", "status"]
    for command in commands { try asMember(command) }
    let daemon = try site.serve()
    for command in commands.dropLast() { try asMember(command) }
    daemon.terminate()
    daemon.waitUntilExit()
    for command in commands { try asMember(command) }
    // And it left nothing that would stop the daemon.
    try site.simulate(5, first: 20)
    try site.once()
    #expect(site.annotated == 25)
  }

  /// One study of thousands of slices and many small ones, at the same time.
  @Test func `a study of 5,000 slices and 100 studies don't wait for each other`() throws {
    let site = try Site(quiet: 3, bootstrap: 20, k: 2)
    try site.simulate(20)
    try site.once()
    let first = site.input + "/large-0"
    try SyntheticFile.write(first, study: "9.9", instance: "9.9.0", side: 32)
    // The same slice with other UIDs of the same length.
    let slice = try readFile(first)
    let daemon = try site.serve()
    defer { daemon.terminate() }
    let number = Data("9.9.0".utf8)
    for index in 1..<5_000 {
      // The small studies arrive in the middle of it.
      if index == 2_500 { try site.simulate(100, first: 20) }
      var other = slice
      // Also in the file's meta information, with the same length.
      let replacement = Data(String(30_000 + index).utf8)
      while let range = other.range(of: number) {
        other.replaceSubrange(range, with: replacement)
      }
      try other.write(to: URL(fileURLWithPath: site.input + "/large-\(index)"))
    }
    #expect(eventually(within: 240) { site.annotated == 121 })
    let events = try site.events("annotation")
    let large = try #require(events.firstIndex { $0["instances"]?.int == 5_000 })
    // Most small studies did not wait until the large one was complete.
    #expect(large > 60)
    #expect(events[large]["frames"]?.int == 32)
    try site.checkConsistency()
  }

  @Test func `completions know every command, and their scripts are valid`() throws {
    let site = try Site()
    let script = try site.control(["completion", "bash"])
    try site.folder.file("c.bash", script)
    for (words, expected) in [
      (["rec"], "recluster"), (["recluster", "--h"], "--hold --help"),
      (["--json", "clusters", "res"], "resolve"),
    ] {
      let line = (["radiologynetctl"] + words).joined(separator: " ")
      let process = Process()
      let pipe = Pipe()
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.currentDirectoryURL = URL(fileURLWithPath: site.folder.path + "/export")
      process.arguments = [
        "-c",
        "source \(site.folder.path)/c.bash; COMP_WORDS=(\(line)); COMP_CWORD=\(words.count); "
          + "_radiologynetctl; echo \"${COMPREPLY[@]}\"",
      ]
      process.standardOutput = pipe
      try process.run()
      let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
      #expect(String(decoding: output, as: UTF8.self) == expected + "\n")
    }
    for shell in ["zsh", "fish"] {
      #expect(try site.control(["completion", shell]).contains("recluster"))
    }
  }

  @Test(arguments: [
    ["radiologynetctl"], ["radiologynetd"], ["configuration", "config/radiologynet.toml"],
  ])
  func `manual pages are made from the programs' own texts`(_ page: [String]) throws {
    let site = try Site()
    let root = URL(fileURLWithPath: #filePath).pathComponents.dropLast(3).joined(separator: "/")
      .dropFirst()
    let words = page.map { $0.contains("/") ? "\(root)/\($0)" : $0 }
    let text = try site.control(["manual"] + words)
    #expect(text.hasPrefix(".TH "))
    // Every line that troff takes for a request is one of ours.
    for line in text.split(separator: "\n") where line.hasPrefix(".") {
      #expect(line.contains(/^\.(TH|SH|SS|PP|TP|TQ|HP|RS|RE|PD|B|BR|nf|fi|nh|ad)\b/), "\(line)")
    }
  }
}
