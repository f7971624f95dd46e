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

  /// Another folder in the root's place.
  private func replace() throws {
    try FileManager.default.moveItem(atPath: root, toPath: root + "-before")
    try folder.folder("export")
  }

  @Test func `an empty folder in the place of one with files is none, whenever it came there`()
    throws
  {
    var roots = WatchedRoots(seen: [:])
    #expect(roots.replaced(root, isEmpty: true) == nil)
    #expect(roots.replaced(root, isEmpty: false) == nil)
    // The sender took them all away.
    #expect(roots.replaced(root, isEmpty: true) == nil)
    try replace()
    #expect(roots.replaced(root, isEmpty: true)?.contains("not the folder") == true)
    var later = WatchedRoots(seen: roots.seen)
    #expect(later.replaced(root, isEmpty: true) != nil)
    // Files come: it is the input now.
    #expect(later.replaced(root, isEmpty: false) == nil)
    #expect(later.replaced(root, isEmpty: true) == nil)
  }

  @Test func `a folder that is made again at once is another one`() throws {
    var roots = WatchedRoots(seen: [:])
    #expect(roots.replaced(root, isEmpty: false) == nil)
    try FileManager.default.removeItem(atPath: root)
    try folder.folder("export")
    #expect(roots.replaced(root, isEmpty: true) != nil)
  }

  @Test func `a mount above a root is missed until it is there again`() throws {
    func mount(_ path: String) throws -> MountPoint? {
      MountPoint(holding: "/srv/pacs/export/ct", table: "1 0 0:1 / \(path) rw - ext4 x rw")
    }
    var roots = WatchedRoots(seen: [:])
    let root = "/srv/pacs/export/ct"
    #expect(roots.lostMount(root, try mount("/srv/pacs")) == nil)
    #expect(
      roots.lostMount(root, try mount("/"))?.contains("/srv/pacs is no longer mounted") == true)
    #expect(roots.lostMount(root, try mount("/srv/pacs")) == nil)
    // One more on top is no loss, until it goes.
    #expect(roots.lostMount(root, try mount("/srv/pacs/export")) == nil)
    #expect(roots.lostMount(root, try mount("/srv/pacs")) != nil)
  }
}
