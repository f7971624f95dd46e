import Core
import Foundation
import TestSupport
import Testing

@testable import Intake

/// Whether the watched folders are still those that files came from.
@Suite struct WatchedRootsTests {
  private let folder: TemporaryFolder
  private var root: String { folder.path + "/export" }

  init() throws {
    folder = try TemporaryFolder()
    try folder.folder("export")
  }

  private func mounted(_ paths: [String]) -> [MountPoint] {
    MountPoint.entries(paths.map { "1 0 0:1 / \($0) rw - ext4 x rw\n" }.joined())
  }

  /// The problems that a scan reports when it meets these files.
  private func scan(_ roots: inout WatchedRoots, _ files: [String], mounts: [String] = [])
    -> [String]
  {
    roots.begin(mounts: mounted(mounts))
    for file in files { roots.count(file.filePath) }
    return roots.replaced(root)
  }

  /// Puts another folder in a folder's place.
  private func replace(_ name: String) throws {
    let path = folder.path + "/" + name
    try FileManager.default.moveItem(atPath: path, toPath: path + "-before")
    try folder.folder(name)
  }

  @Test func `an empty folder in place of one with files is reported, whenever it got there`()
    throws
  {
    var roots = WatchedRoots([root], seen: [:])
    #expect(scan(&roots, []).isEmpty)
    #expect(scan(&roots, [root + "/a"]).isEmpty)
    // The sender removed them all.
    #expect(scan(&roots, []).isEmpty)
    try replace("export")
    #expect(scan(&roots, []).first?.contains("not the folder") == true)
    var later = WatchedRoots([root], seen: roots.seen)
    #expect(scan(&later, []).count == 1)
    // Files arrive: it is the input now.
    #expect(scan(&later, [root + "/b"]).isEmpty)
    #expect(scan(&later, []).isEmpty)
  }

  @Test func `a folder that is recreated at once is another one`() throws {
    var roots = WatchedRoots([root], seen: [:])
    #expect(scan(&roots, [root + "/a"]).isEmpty)
    try FileManager.default.removeItem(atPath: root)
    try folder.folder("export")
    #expect(scan(&roots, []).count == 1)
  }

  @Test func `a mount below a root is missed, too, now and after a restart`() throws {
    try folder.folder("export/ct")
    let inner = root + "/ct"
    var roots = WatchedRoots([root], seen: [:])
    #expect(scan(&roots, [inner + "/a", root + "/b"], mounts: ["/", inner]).isEmpty)
    #expect(Set(roots.seen.keys) == [root, inner])
    // Unmounted: the folder underneath shows, and the root has other files.
    try replace("export/ct")
    #expect(scan(&roots, [root + "/b"], mounts: ["/"]).first?.hasPrefix(inner) == true)
    var later = WatchedRoots([root], seen: roots.seen)
    #expect(scan(&later, [root + "/b"]).count == 1)
    // Removed permanently.
    try FileManager.default.removeItem(atPath: inner)
    #expect(scan(&later, [root + "/b"]).isEmpty)
    try folder.folder("export/ct")
    #expect(scan(&later, [root + "/b"]).isEmpty)
  }

  @Test func `a mount below a root that is a link is missed, whatever takes its place`() throws {
    try folder.folder("export/ct")
    let link = folder.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: root)
    var roots = WatchedRoots([link], seen: [:])
    roots.begin(mounts: mounted([root + "/ct"]))
    roots.count((link + "/ct/a").filePath)
    #expect(roots.replaced(link).isEmpty)
    roots.begin(mounts: [])
    roots.count((link + "/ct/README").filePath)
    #expect(roots.replaced(link).first?.contains("ct is no longer mounted") == true)
    roots.begin(mounts: mounted([root + "/ct"]))
    #expect(roots.replaced(link).isEmpty)
  }

  @Test func `a mount above a root is missed until it is there again`() throws {
    func mount(_ path: String) -> MountPoint? {
      mounted([path]).first
    }
    let root = "/srv/pacs/export/ct"
    var roots = WatchedRoots([root], seen: [:])
    #expect(roots.lostMount(root, mount("/srv/pacs")) == nil)
    #expect(
      roots.lostMount(root, mount("/"))?.contains("/srv/pacs is no longer mounted") == true)
    #expect(roots.lostMount(root, mount("/srv/pacs")) == nil)
    // Another mount on top is no loss, until it is gone.
    #expect(roots.lostMount(root, mount("/srv/pacs/export")) == nil)
    #expect(roots.lostMount(root, mount("/srv/pacs")) != nil)
  }
}
