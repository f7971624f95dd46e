import Foundation
import Glibc
import TestSupport
import Testing

@testable import Core

/// Commands write only into the folder that they were given, and leave others' files there alone.
@Suite struct OutputFolderTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path + "/out" }

  init() throws { folder = try TemporaryFolder() }

  private func output(_ kind: OutputFolder.Kind = .export) throws -> OutputFolder {
    try OutputFolder(path, kind, apartFrom: nil)
  }

  private func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: path + "/" + name, withDestinationPath: target)
  }

  private func text(_ name: String) -> String? {
    try? String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
  }

  @Test
  func `a new, empty or own folder is accepted, one of another kind or with others' files isn't`()
    throws
  {
    try output().write(Data("1".utf8), "a/b/c")
    try output().write(Data("2".utf8), "a/b/c")
    #expect(text("out/a/b/c") == "2")
    #expect { try output(.report) } throws: { "\($0)".contains("holds no report") }
    try folder.folder("others")
    try folder.file("others/thesis.txt", "mine")
    #expect {
      try OutputFolder(folder.path + "/others", .export, apartFrom: nil)
    } throws: {
      "\($0)".contains("is not empty and holds no export of radiologynet (thesis.txt is in it)")
    }
    try folder.folder("empty")
    _ = try OutputFolder(folder.path + "/empty/", .export, apartFrom: nil)
    #expect(throws: FileError.self) {
      try OutputFolder(folder.path + "/others/thesis.txt", .export, apartFrom: nil)
    }
  }

  @Test func `one process at a time`() throws {
    let first = try output()
    #expect { try output() } throws: { "\($0)".contains("another process writes there") }
    withExtendedLifetime(first) {}
  }

  @Test(arguments: ["", "/", "../x", "a/../../x", "a//b", "./a", "a\n+b"])
  func `no path leads out of it`(_ relative: String) throws {
    let output = try output()
    #expect(throws: FileError.self) { try output.write(Data(), relative) }
    #expect(!output.has(relative))
  }

  @Test func `links, pipes and hard links are in the way`() throws {
    try folder.folder("others")
    try folder.file("others/victim", "mine")
    try output().write(Data("1".utf8), "known")
    try link("sub", to: folder.path + "/others")
    try link("file", to: folder.path + "/others/victim")
    try #require(Glibc.link(folder.path + "/others/victim", path + "/hard") == 0)
    try #require(mkfifo(path + "/pipe", 0o600) == 0)
    let output = try output()
    for name in ["sub/victim", "file", "hard", "pipe"] {
      #expect(throws: FileError.self) { try output.write(Data("2".utf8), name) }
      #expect(throws: FileError.self) { try output.appending(name) }
      #expect(throws: FileError.self) { try output.read(name) }
      #expect(throws: FileError.self) { try output.move("known", to: name) }
    }
    #expect(throws: FileError.self) { try output.withFolder("sub") { _ in } }
    try output.keepOnly([])
    #expect(text("others/victim") == "mine" && text("out/known") == nil)
    #expect(
      try Set(FileManager.default.contentsOfDirectory(atPath: path))
        == ["sub", "file", "hard", "pipe", OutputFolder.markerName])
  }

  @Test func `a name of ours that became a link is replaced, not followed`() throws {
    try folder.file("victim", "mine")
    try output().write(Data("1".utf8), "a")
    try FileManager.default.removeItem(atPath: path + "/a")
    try link("a", to: folder.path + "/victim")
    try output().write(Data("2".utf8), "a")
    #expect(text("victim") == "mine" && text("out/a") == "2")
  }

  @Test func `others' files stay, even in folders of ours`() throws {
    let output = try output()
    for name in ["a/1", "a/2", "b/1"] { try output.write(Data(), name) }
    try folder.file("out/a/mine", "mine")
    #expect(throws: FileError.self) { try output.write(Data(), "a/mine") }
    try output.move("a/1", to: "c/1")
    try output.keepOnly(["c/1"])
    #expect(
      try Set(FileManager.default.subpathsOfDirectory(atPath: path))
        == ["a", "a/mine", "c", "c/1", OutputFolder.markerName])
  }

  @Test(arguments: ["", "radiologynet exp", "radiologynet export", "radiologynet export\n+a\n+b"])
  func `a marker that was cut off by a crash`(_ marker: String) throws {
    try folder.folder("out")
    try folder.file("out/" + OutputFolder.markerName, marker)
    guard marker != "radiologynet exp" else {
      #expect(throws: FileError.self) { try output() }
      return
    }
    try output().write(Data(), "c")
    let known = text("out/" + OutputFolder.markerName)?.split(separator: "\n").last
    #expect(known == "+c")
    #expect(try output().has("c"))
  }

  @Test(.enabled(if: getuid() == 0, "only root can write as someone else"))
  func `root's output belongs to the owner of the folder`() throws {
    try folder.folder("out")
    try #require(chown(path, 65_534, 65_533) == 0)
    let output = try output()
    try output.write(Data(), "a/b")
    _ = try output.appending("c")
    for name in ["a", "a/b", "c", OutputFolder.markerName] {
      var information = stat()
      #expect(lstat(path + "/" + name, &information) == 0)
      #expect(information.st_uid == 65_534 && information.st_gid == 65_533, "\(name)")
    }
  }

  @Test(arguments: [
    "export", "export/", "export/new/deep", "link/out", "state/out", "hl7/../hl7/out",
  ])
  func `the service's own folders are refused, however they are reached`(
    _ place: String
  ) throws {
    for name in ["export", "state", "hl7", "elsewhere"] { try folder.folder(name) }
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/link", withDestinationPath: folder.path + "/export")
    let text = """
      [intake]
      input = "\(folder.path)/export"
      reports = "\(folder.path)/hl7"
      [state]
      directory = "\(folder.path)/state"
      log = "\(folder.path)/elsewhere/annotations.jsonl"
      """
    let configuration = try Configuration(TOMLDocument(text: text, path: "r.toml"))
    #expect {
      try OutputFolder(folder.path + "/" + place, .report, apartFrom: configuration)
    } throws: {
      "\($0)".contains("which is the service's")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/export/new"))
    _ = try OutputFolder(folder.path + "/elsewhere/out", .report, apartFrom: configuration)
  }

  @Test(.enabled(if: getuid() == 0, "only root can be abused"), arguments: [1_000, 0] as [uid_t])
  func `a forged marker removes nothing that its writer could not remove`(_ owner: uid_t) throws {
    let shared = try folder.folder("shared")
    try folder.folder("shared/private")
    try folder.file("shared/private/precious", "root's")
    chmod(shared + "/private", 0o700)
    let marker = try folder.file(
      "shared/.radiologynet-output",
      "radiologynet report\n+private/precious\n+private/\n")
    try #require(chown(marker, 1_000, 1_000) == 0 && chown(shared, owner, owner) == 0)
    chmod(shared, owner == 0 ? 0o1777 : 0o755)
    _ = try? OutputFolder(shared, .report, apartFrom: nil).keepOnly([])
    #expect(text("shared/private/precious") == "root's")
    try #require(chown(shared, 0, 0) == 0)
  }
}
