import Foundation
import Glibc
import TestSupport
import Testing

@testable import Core

/// A scan reports what it can't see.
@Suite struct FolderScanTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["study", "closed", "listed", "lost+found"] {
      try folder.folder(name)
      try folder.file(name + "/i1", "x")
    }
  }

  private func scan(_ root: String) -> (files: [String], problems: [String]) {
    var (files, problems): ([String], [String]) = ([], [])
    FolderScan(
      file: { files.append($0.path.text) }, problem: { path, _ in problems.append(path.text) }
    ).walk(root)
    return (files.map { String($0.dropFirst(root.count)) }, problems)
  }

  /// Runs as a user whom modes bind, who owns root's folder meanwhile.
  @Test(.enabled(if: getuid() == 0, "only root can take on another's rights"))
  func `folders that can't be read, or whose files can't be examined, are reported`() throws {
    for path in [folder.path]
      + ["study", "closed", "listed", "lost+found"].map({ folder.path + "/" + $0 })
    {
      try #require(chown(path, 65_534, 65_534) == 0)
    }
    chmod(folder.path + "/closed", 0)
    chmod(folder.path + "/listed", 0o400)
    chmod(folder.path + "/lost+found", 0)
    let found = try asOwner(of: folder.path) { scan(folder.path) }
    #expect(found.files == ["/study/i1"])
    #expect(found.problems == ["closed", "listed"].map { folder.path + "/" + $0 })
  }

  @Test func `a root that is missing or not a folder is reported`() throws {
    #expect(scan(folder.path + "/gone").problems == [folder.path + "/gone"])
    #expect(scan(folder.path + "/study/i1").problems == [folder.path + "/study/i1"])
    #expect(scan(folder.path).problems.isEmpty)
  }
}
