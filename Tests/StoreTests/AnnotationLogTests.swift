import Core
import Foundation
import TestSupport
import Testing

@testable import Store

@Suite struct AnnotationLogTests {
  private let folder: TemporaryFolder
  private let store: any Store
  private var path: String { folder.path + "/log/annotations.jsonl" }

  init() throws {
    folder = try TemporaryFolder()
    store = try SQLiteStore(path: folder.path + "/s.sqlite")
  }

  private func log() throws -> AnnotationLog {
    try AnnotationLog(path: path, store: store) { _ in }
  }

  private func write(_ count: Int, _ log: AnnotationLog? = nil) throws {
    try store.transaction {
      for _ in 0..<count { try store.append(Event(.lifecycle, ["text": "ž"]), time: "t") }
    }
    try log?.catchUp(with: store)
  }

  private func sequences(_ path: String) throws -> [Int] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
      try JSON(parsing: $0)["seq"]?.int ?? -1
    }
  }

  @Test func `the log follows the store`() throws {
    try write(3)
    let log = try log()
    try write(2, log)
    #expect(try sequences(path) == [1, 2, 3, 4, 5])
  }

  @Test(arguments: [0, 1, 5, 40, 200])
  func `a line truncated by a crash is completed`(_ cut: Int) throws {
    try write(10, try log())
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    try whole.dropLast(cut).write(to: URL(fileURLWithPath: path))
    _ = try log()
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == whole)
  }

  @Test func `garbage after the last line is cut off`() throws {
    try write(4, try log())
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("{\"seq\":5,\"ti".utf8))
    _ = try log()
    try write(1, try log())
    #expect(try sequences(path) == [1, 2, 3, 4, 5])
  }

  @Test func `a lost log is written again`() throws {
    try write(4, try log())
    try write(1, try log())
    try FileManager.default.removeItem(atPath: path)
    _ = try log()
    #expect(try sequences(path) == [1, 2, 3, 4, 5])
  }

  @Test func `after rotation the next line goes to the new file`() throws {
    let log = try log()
    try write(3, log)
    try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
    try write(2, log)
    #expect(try sequences(path) == [4, 5])
    #expect(try sequences(path + ".1") == [1, 2, 3])
  }

  @Test(arguments: [false, true])
  func `a rotation while the daemon is down duplicates nothing`(_ makesNew: Bool) throws {
    try write(3, try log())
    try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
    if makesNew { try Data().write(to: URL(fileURLWithPath: path)) }
    try write(2)
    _ = try log()
    #expect(try sequences(path) == [4, 5])
  }

  @Test(arguments: [1, 2])
  func `a compressing rotation while the daemon is down duplicates nothing`(_ batches: Int) throws {
    let log = try log()
    for _ in 0..<batches { try write(3, log) }
    try Data("compressed".utf8).write(to: URL(fileURLWithPath: path + ".1.gz"))
    try FileManager.default.removeItem(atPath: path)
    try write(2)
    _ = try self.log()
    #expect(try sequences(path) == [3 * batches + 1, 3 * batches + 2])
  }

  @Test func `copytruncate loses no later line`() throws {
    let log = try log()
    try write(3, log)
    try FileManager.default.copyItem(atPath: path, toPath: path + ".1")
    #expect(truncate(path, 0) == 0)
    try write(2, log)
    #expect(try sequences(path) == [4, 5])
  }

  @Test func `a log ahead of the store is kept aside`() throws {
    try write(3, try log())
    let older = try SQLiteStore(path: folder.path + "/older.sqlite")
    try older.transaction { _ = try older.append(Event(.lifecycle, [:]), time: "t") }
    var warned = ""
    _ = try AnnotationLog(path: path, store: older) { warned = $0 }
    #expect(try sequences(path) == [1])
    #expect(try sequences(path + ".ahead-3") == [1, 2, 3])
    #expect(warned.contains("ahead"))
  }

  @Test func `a log that can't be written now is written later`() throws {
    let log = try log()
    try write(1, log)
    try FileManager.default.removeItem(atPath: folder.path + "/log")
    #expect(throws: FileError.self) { try self.write(2, log) }
    try folder.folder("log")
    try log.catchUp(with: store)
    #expect(try sequences(path) == [1, 2, 3])
  }

  enum Loss: CaseIterable { case deleted, deletedWithAnotherName, emptied, replaced, cut }

  /// Damages a file that holds events 4 to 6.
  private func lose(_ loss: Loss) throws {
    switch loss {
    case .deleted: try FileManager.default.removeItem(atPath: path)
    case .deletedWithAnotherName:
      try FileManager.default.linkItem(atPath: path, toPath: folder.path + "/backup")
      try FileManager.default.removeItem(atPath: path)
    case .emptied: #expect(truncate(path, 0) == 0)
    case .replaced: try Data().write(to: URL(fileURLWithPath: path), options: .atomic)
    case .cut:
      let length = try Data(contentsOf: URL(fileURLWithPath: path)).count
      #expect(truncate(path, length / 2) == 0)
    }
  }

  @Test(arguments: Loss.allCases, [true, false])
  func `lost lines are written again, rotated ones are not, whether or not the daemon runs`(
    _ loss: Loss, _ isRunning: Bool
  ) throws {
    var log: AnnotationLog? = try log()
    try write(3, log)
    try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
    try write(3, log)
    #expect(try sequences(path) == [4, 5, 6])
    if !isRunning { log = nil }
    try lose(loss)
    try log?.catchUp(with: store)
    if !isRunning { log = try self.log() }
    #expect(try sequences(path) == [4, 5, 6])
    try write(1, log)
    #expect(try sequences(path) == [4, 5, 6, 7])
    #expect(try sequences(path + ".1") == [1, 2, 3])
  }

  @Test(arguments: [true, false])
  func `a compressed part older than the lost lines doesn't hold them`(_ isRunning: Bool)
    throws
  {
    var log: AnnotationLog? = try log()
    try write(3, log)
    try FileManager.default.removeItem(atPath: path)
    let part = path + ".1.gz"
    try Data("compressed".utf8).write(to: URL(fileURLWithPath: part))
    try write(0, log)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: part)
    try store.transaction {
      for _ in 0..<2 { try store.append(Event(.lifecycle, [:]), time: timestamp()) }
    }
    try log?.catchUp(with: store)
    #expect(try sequences(path) == [4, 5])
    if !isRunning { log = nil }
    try FileManager.default.removeItem(atPath: path)
    try log?.catchUp(with: store)
    if !isRunning { log = try self.log() }
    #expect(try sequences(path) == [4, 5])
  }

  @Test func `logging continues after the older part was moved to another folder`() throws {
    let log = try log()
    try write(3, log)
    try folder.folder("old")
    try FileManager.default.moveItem(atPath: path, toPath: folder.path + "/old/annotations")
    try write(2, log)
    #expect(try sequences(path) == [4, 5])
  }

  enum Foreign: CaseIterable { case link, dangling, second, text, pipe, folder }

  /// Puts something else in place of the log.
  private func plant(_ kind: Foreign, _ foreign: String) throws {
    let files = FileManager.default
    switch kind {
    case .link: try files.createSymbolicLink(atPath: path, withDestinationPath: foreign)
    case .dangling: try files.createSymbolicLink(atPath: path, withDestinationPath: foreign + "-no")
    case .second: try files.linkItem(atPath: foreign, toPath: path)
    case .text: try files.copyItem(atPath: foreign, toPath: path)
    case .pipe: #expect(mkfifo(path, 0o600) == 0)
    case .folder: try files.createDirectory(atPath: path, withIntermediateDirectories: false)
    }
  }

  @Test(arguments: Foreign.allCases, [true, false])
  func `a foreign file is never written to, and the log is complete once it is gone`(
    _ kind: Foreign, _ isRunning: Bool
  ) throws {
    let foreign = try folder.file("foreign", "not ours, {and no line end")
    var log: AnnotationLog? = try log()
    try write(3, log)
    if !isRunning { log = nil }
    try FileManager.default.removeItem(atPath: path)
    try plant(kind, foreign)
    #expect(throws: FileError.self) {
      try write(2, log)
      if !isRunning { _ = try self.log() }
    }
    #expect(try String(contentsOfFile: foreign, encoding: .utf8) == "not ours, {and no line end")
    #expect(!FileManager.default.fileExists(atPath: foreign + "-no"))
    try FileManager.default.removeItem(atPath: path)
    try log?.catchUp(with: store)
    if !isRunning { _ = try self.log() }
    #expect(try sequences(path) == [1, 2, 3, 4, 5])
  }

  @Test(arguments: [false, true], ["1,2d", "3,4d", "2,5d"])
  func `removed lines are written again, and the damaged log is kept aside`(
    _ isRunning: Bool, _ cut: String
  ) throws {
    var log: AnnotationLog? = try log()
    try write(6, log)
    if !isRunning { log = nil }
    #expect(try Tool("/bin/sed").run(["-i", cut, path]).code == 0)
    // Lines removed from the middle while the daemon is down are found by doctor.
    guard isRunning || cut == "1,2d" else { return }
    try write(1, log)
    if !isRunning { _ = try self.log() }
    #expect(try sequences(path) == [1, 2, 3, 4, 5, 6, 7])
    #expect(FileManager.default.fileExists(atPath: path + ".damaged-6"))
  }

  @Test(arguments: ["annotations.jsonl.lock", "annotations.jsonl.txt", "annotations.jsonl.d/x"])
  func `a foreign file beside the log is not a part of it`(_ name: String) throws {
    let log = try log()
    try folder.folder("log/annotations.jsonl.d")
    try folder.file("log/" + name, "something")
    try write(3, log)
    try FileManager.default.removeItem(atPath: path)
    try write(1, log)
    #expect(try sequences(path) == [1, 2, 3, 4])
  }

  @Test func `parts that keep the extension are recognized`() throws {
    try write(3, try log())
    try FileManager.default.moveItem(atPath: path, toPath: folder.path + "/log/annotations.1.jsonl")
    try write(2)
    _ = try log()
    #expect(try sequences(path) == [4, 5])
  }

  @Test func `only lines written between copy and truncation are written again`() throws {
    let log = try log()
    try write(3, log)
    try FileManager.default.copyItem(atPath: path, toPath: path + ".1")
    try write(2, log)
    #expect(truncate(path, 0) == 0)
    try write(1, log)
    #expect(try sequences(path) == [4, 5, 6])
  }

  @Test(arguments: ["x\n", "x", "{}\n\n\n", String(repeating: "\0", count: 200_000)])
  func `foreign text at the end is cut off at the next start`(_ text: String) throws {
    try write(4, try log())
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
    try write(1)
    _ = try log()
    #expect(try sequences(path) == [1, 2, 3, 4, 5])
  }
}
