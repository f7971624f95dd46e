import Foundation
import Glibc
import TestSupport
import Testing

@testable import Core

/// A program in a bundle runs when root, or the owner of the configuration, owns its file and no one else may write it.
@Suite struct ProgramConsentTests {
  private let folder: TemporaryFolder
  private let program: String
  private let configuration: String
  private let hash = "0123456789abcdef"

  init() throws {
    folder = try TemporaryFolder()
    try folder.folder("state/bundles/" + hash)
    program = try folder.file("state/bundles/\(hash)/image.pt", "program")
    configuration = try folder.file("radiologynet.toml", "")
    chmod(program, 0o640)
    chmod(configuration, 0o640)
  }

  private func mayRun() -> Bool {
    let consent = ProgramConsent(configuration: configuration)
    let isRead = (try? consent.read(program)) == Data("program".utf8)
    #expect((consent.problem(program) == nil) == isRead)
    return isRead
  }

  @Test(arguments: [(mode_t(0o640), true), (0o600, true), (0o660, false), (0o646, false)])
  func `no one else may write it`(_ mode: mode_t, _ expected: Bool) {
    chmod(program, mode)
    #expect(mayRun() == expected)
  }

  @Test func `a link and a pipe don't run`() throws {
    let other = try folder.file("other.pt", "program")
    chmod(other, 0o640)
    try FileManager.default.removeItem(atPath: program)
    try FileManager.default.createSymbolicLink(atPath: program, withDestinationPath: other)
    #expect(!mayRun())
    try FileManager.default.removeItem(atPath: program)
    try #require(mkfifo(program, 0o600) == 0)
    #expect(!mayRun())
  }

  @Test(.enabled(if: getuid() == 0, "only root has files of others"))
  func `another user's program runs only if that user alone can write the configuration`() throws {
    try #require(chown(program, 65_534, 65_534) == 0)
    #expect(!mayRun())
    try #require(chown(configuration, 65_534, 65_534) == 0)
    #expect(mayRun())
    chmod(configuration, 0o660)
    #expect(!mayRun())
    chmod(configuration, 0o640)
    try #require(chown(program, 65_533, 65_534) == 0)
    #expect(!mayRun())
  }

  @Test(.enabled(if: getuid() == 0, "only root consents"))
  func `root consents to the bytes in the manifest, in a file that no one else holds open`()
    throws
  {
    let state = folder.path + "/state"
    for path in [state, state + "/bundles", state + "/bundles/" + hash, program] {
      try #require(chown(path, 65_534, 65_533) == 0)
    }
    let held = open(program, O_WRONLY)
    defer { close(held) }
    let bundle = try #require(BundleHash(hash))
    #expect(throws: FileError.self) {
      try ProgramConsent.approve(bundle, state: state, digest: "something else")
    }
    #expect(!mayRun())
    try ProgramConsent.approve(
      bundle, state: state, digest: SHA256Digest.hexadecimal(Data("program".utf8)))
    _ = Glibc.write(held, "PROGRAM", 7)
    #expect(mayRun())
    var information = stat()
    #expect(lstat(program, &information) == 0)
    #expect(information.st_uid == 0 && information.st_gid == 65_533)
    #expect(information.st_mode & 0o777 == 0o640)
  }
}
