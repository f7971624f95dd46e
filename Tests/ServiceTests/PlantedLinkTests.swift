import Core
import Foundation
import Glibc
import TestSupport
import Testing

/// Root's commands in the service's folders, where its user planted links.
@Suite(.endsHang, .enabled(if: getuid() == 0, "only root has more rights to lose"))
struct PlantedLinkTests {
  private let site: Site
  /// A folder that only root may read.
  private let secret: String

  /// A site of the service's user, with a bundle and a generation.
  init() throws {
    site = try Site(bootstrap: 12, k: 2)
    try site.simulate(12)
    secret = try site.folder.folder("secret")
    for name in ["state", "log", "run"] {
      try #require(chown(try site.folder.folder(name), 65_534, 65_533) == 0)
    }
    try site.once()
    try #require(chmod(secret, 0o700) == 0)
  }

  /// Moves a file into root's folder and puts a link in its place.
  private func plant(_ name: String) throws {
    let path = site.folder.path + "/" + name
    let target = secret + "/" + (name as NSString).lastPathComponent
    try #require(rename(path, target) == 0)
    try #require(chown(target, 0, 0) == 0 && symlink(target, path) == 0)
  }

  @Test(arguments: [
    ("state/bundles", ["train"]), ("state/bundles", ["bundle", "verify"]),
    ("state/bundles", ["report", "out"]), ("state/radiologynet.sqlite", ["clusters"]),
    ("log/annotations.jsonl", ["tail"]),
  ])
  func `links lead only where the service may go`(_ name: String, _ command: [String]) throws {
    let words = command.map { $0 == "out" ? site.folder.path + "/out" : $0 }
    #expect(try site.ctl.run(["--config", site.configuration] + words).code == 0)
    try plant(name)
    let before = try FileManager.default.subpathsOfDirectory(atPath: secret).sorted()
    let output = try site.ctl.run(["--config", site.configuration] + words)
    // A folder of bundles that can't be read counts as empty.
    #expect(output.code != 0 || output.output.isEmpty, "\(output.output)\(output.errors)")
    #expect(!output.output.contains("annotation"))
    #expect(try FileManager.default.subpathsOfDirectory(atPath: secret).sorted() == before)
  }

  @Test func `rights are restored after the work, even if it fails`() throws {
    struct Failure: Error {}
    let state = site.folder.path + "/state"
    try asOwner(of: state) {
      #expect(open(secret, O_RDONLY) < 0)
      // Also when nested.
      try asOwner(of: state) {}
      #expect(open(secret, O_RDONLY) < 0)
    }
    #expect(throws: Failure.self) { try asOwner(of: state) { throw Failure() } }
    let descriptor = open(secret, O_RDONLY | O_CLOEXEC)
    #expect(descriptor >= 0)
    close(descriptor)
  }
}
