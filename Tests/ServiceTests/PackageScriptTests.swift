import Core
import Foundation
import TestSupport
import Testing

/// The package's script, which root runs on a folder that belongs to the service.
@Suite struct PackageScriptTests {
  private let folder: TemporaryFolder
  private var key: String { folder.path + "/etc/site.key" }

  init() throws {
    folder = try TemporaryFolder()
    for name in ["etc", "state", "bin"] { try folder.folder(name) }
    // Stubs for the system's tools.
    for name in ["systemd-sysusers", "systemctl"] {
      chmod(try folder.file("bin/" + name, "#!/bin/sh\n"), 0o755)
    }
    try #require(chown(folder.path + "/state", 65_534, 65_534) == 0)
  }

  /// - Parameter version: the one before, at an upgrade.
  private func configure(from version: String? = nil) throws -> Tool.Output {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path
    let script = try String(contentsOfFile: root + "/scripts/debian/postinst", encoding: .utf8)
      .replacing("/etc/radiologynet/", with: folder.path + "/etc/")
      .replacing("/var/lib/radiologynet/", with: folder.path + "/state/")
      .replacing("--reuid=radiologynet --regid=radiologynet", with: "--reuid=65534 --regid=65534")
    let path = try folder.file("postinst", script)
    return try Tool("/bin/sh").run(
      [path, "configure"] + (version.map { [$0] } ?? []),
      environment: [
        "DPKG_ROOT": folder.path + "/root", "DPKG_MAINTSCRIPT_PACKAGE": "radiologynet",
        "PATH": folder.path + "/bin:" + (ProcessInfo.processInfo.environment["PATH"] ?? ""),
      ])
  }

  /// Units that are enabled below the folder that stands for the system.
  private var enabled: Set<String> {
    let folder = folder.path + "/root/etc/systemd/system"
    let links = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
    return Set(links.filter { $0.contains(".wants/") })
  }

  @Test(.enabled(if: getuid() == 0))
  func `the service is enabled once, the timer never, and upgrades change neither`() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path
    try folder.folder("root/lib/systemd/system")
    for unit in ["radiologynetd.service", "radiologynet-recluster.timer"] {
      try folder.file(
        "root/lib/systemd/system/" + unit,
        try String(contentsOfFile: "\(root)/systemd/\(unit)", encoding: .utf8))
    }
    let service = "multi-user.target.wants/radiologynetd.service"
    let timer = "timers.target.wants/radiologynet-recluster.timer"
    #expect(try configure().code == 0)
    #expect(enabled == [service])
    // An administrator disables the one and enables the other.
    let wants = folder.path + "/root/etc/systemd/system/"
    try FileManager.default.removeItem(atPath: wants + service)
    try folder.folder("root/etc/systemd/system/timers.target.wants")
    try FileManager.default.createSymbolicLink(
      atPath: wants + timer,
      withDestinationPath: "/lib/systemd/system/radiologynet-recluster.timer")
    for _ in 0..<2 { #expect(try configure(from: "0.0.9").code == 0) }
    #expect(enabled == [timer])
  }

  private func check(_ content: String? = nil) throws {
    var information = stat()
    #expect(lstat(key, &information) == 0 && information.st_mode == S_IFREG | 0o600)
    #expect(information.st_uid == 0)
    let text = String(decoding: try readFile(key), as: UTF8.self)
    #expect(content.map { $0 == text } ?? (text.count == 65))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path + "/etc") == ["site.key"])
  }

  @Test(.enabled(if: getuid() == 0)) func `a key is made once and kept`() throws {
    #expect(try configure().code == 0)
    try check()
    let first = try readFile(key)
    #expect(try configure().code == 0)
    #expect(try readFile(key) == first)
  }

  @Test(.enabled(if: getuid() == 0)) func `an older key of the state folder is taken over`() throws
  {
    let old = try folder.file("state/site.key", String(repeating: "k", count: 64) + "\n")
    try #require(chown(old, 65_534, 65_534) == 0)
    #expect(try configure().code == 0)
    try check(String(repeating: "k", count: 64) + "\n")
    #expect(!FileManager.default.fileExists(atPath: old))
  }

  @Test(.enabled(if: getuid() == 0), arguments: ["link", "second name"])
  func `a link planted in the key's place reveals nothing`(_ kind: String) throws {
    let secret = try folder.file("secret", "root's\n")
    chmod(secret, 0o600)
    let planted = folder.path + "/state/site.key"
    if kind == "link" {
      try FileManager.default.createSymbolicLink(atPath: planted, withDestinationPath: secret)
    } else {
      try #require(link(secret, planted) == 0)
    }
    let output = try configure()
    if kind == "link" {
      #expect(output.code == 0)
      try check()
    } else {
      // The service's user may not read it, and root doesn't read it on its behalf.
      #expect(output.code != 0)
    }
    var information = stat()
    #expect(lstat(secret, &information) == 0 && information.st_mode & 0o777 == 0o600)
    #expect(try readFile(secret) == Data("root's\n".utf8))
  }
}
