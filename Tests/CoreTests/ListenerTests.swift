import Core
import Foundation
import Glibc
import TestSupport
import Testing

/// The configured path may hold something that is not ours.
@Suite struct ListenerTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path + "/s" }

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: ["file", "folder", "link"])
  func `anything but a socket is neither replaced nor removed`(_ kind: String) throws {
    let victim = try folder.file("victim", "mine")
    switch kind {
    case "file": try folder.file("s", "mine")
    case "folder": try folder.folder("s")
    default: try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: victim)
    }
    let before = try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    #expect { try Listener(path: path) } throws: { "\($0)".contains("is not a socket") }
    let after = try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    #expect(before == after)
    #expect(try readFile(victim) == Data("mine".utf8))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
  }

  @Test func `a file in the socket's place stays`() throws {
    let listener = try Listener(path: path)
    try FileManager.default.removeItem(atPath: path)
    try folder.file("s", "mine")
    listener.remove()
    #expect(try readFile(path) == Data("mine".utf8))
    close(listener.descriptor)
  }

  @Test func `a stale socket is replaced, a served one is not`() throws {
    let first = try Listener(path: path)
    #expect { try Listener(path: path) } throws: { "\($0)".contains("another process listens") }
    close(first.descriptor)
    let second = try Listener(path: path)
    first.remove()
    #expect(ControlSocket.isServed(path))
    var information = stat()
    #expect(lstat(path, &information) == 0 && information.st_mode & 0o777 == 0o660)
    second.remove()
    close(second.descriptor)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }
}
