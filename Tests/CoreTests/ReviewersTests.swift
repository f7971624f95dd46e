import Core
import Foundation
import TestSupport
import Testing

@Suite struct ReviewersTests {
  @Test func `a token is kept as its hash, a person's new one replaces the old`() throws {
    let folder = try TemporaryFolder()
    var reviewers = try Reviewers(stateDirectory: folder.path)
    #expect(reviewers.names.isEmpty)
    let (first, second, other) = (
      reviewers.add("A. Novak") ?? "", reviewers.add("A. Novak") ?? "",
      reviewers.add("Š. Horvat") ?? ""
    )
    #expect([first, second, other].allSatisfy { $0.count == 64 })
    try reviewers.save()
    let text = try String(contentsOfFile: Reviewers.path(folder.path), encoding: .utf8)
    for token in [first, second, other] { #expect(!text.contains(token)) }
    let read = try Reviewers(stateDirectory: folder.path)
    #expect(read == reviewers && read.names == ["A. Novak", "Š. Horvat"])
    #expect(read.byHash[Reviewers.hash(first)] == nil)
    #expect(read.byHash[Reviewers.hash(second)] == "A. Novak")
    let mode =
      try FileManager.default.attributesOfItem(atPath: Reviewers.path(folder.path))[
        .posixPermissions] as? Int
    #expect(mode == 0o640)
  }

  @Test func `who is removed is gone`() throws {
    let folder = try TemporaryFolder()
    var reviewers = try Reviewers(stateDirectory: folder.path)
    _ = reviewers.add("a")
    #expect(reviewers.remove("a") && !reviewers.remove("a"))
    #expect(reviewers.byHash.isEmpty)
  }

  @Test(arguments: ["", "  ", "a\nb", "a\u{202e}b", String(repeating: "x", count: 61)])
  func `a name that can't be shown is refused`(_ name: String) throws {
    let folder = try TemporaryFolder()
    var reviewers = try Reviewers(stateDirectory: folder.path)
    #expect(reviewers.add(name) == nil)
  }

  @Test func `a damaged file is not read as less than it was`() throws {
    let folder = try TemporaryFolder()
    try folder.file(Reviewers.fileName, "not a hash\n")
    #expect(throws: FileError.self) { try Reviewers(stateDirectory: folder.path) }
  }
}
