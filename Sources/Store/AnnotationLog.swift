import Core
import Foundation
import Glibc

/// `annotations.jsonl`: the store's events, one a line, in order, without gaps, each once. The store is the
/// truth and the log follows it: whatever a crash or a full disk left unwritten is written later.
public final class AnnotationLog {
  private let path: String
  private var descriptor: Int32 = -1
  private var identity: (device: dev_t, inode: ino_t) = (0, 0)
  /// The last event whose line is safely in the log.
  public private(set) var writtenThrough = 0
  /// What the store says of `writtenThrough`. It counts where the lines can't be read: after a rotation
  /// that compressed them.
  private var notedThrough: Int

  static let positionKey = "log_position"

  /// Opens the log and brings it to where the store is.
  ///
  /// - Parameter warn: told what had to be mended.
  /// - Throws: `FileError` or `StoreError`.
  public init(path: String, store: Store, warn: (String) -> Void) throws {
    self.path = path
    notedThrough = Int(try store.meta(Self.positionKey) ?? "") ?? 0
    try makeFolder((path as NSString).deletingLastPathComponent)
    try open()
    let last = try store.lastSequence()
    var tail = try Self.lastSequence(of: path, truncating: true)
    if let found = tail, found > last {
      let aside = "\(path).ahead-\(found)"
      warn("\(path) ends at event \(found), the store at \(last): moved to \(aside), written anew")
      guard rename(path, aside) == 0 else { throw FileError(path: path) }
      try open()
      tail = nil
      writtenThrough = 0
    } else if let found = tail {
      writtenThrough = found
    } else {
      // An empty log was rotated away, or lost: an older part beside it tells which.
      let rotated = Self.rotatedParts(of: path)
      let newest = try rotated.compactMap { try Self.lastSequence(of: $0, truncating: false) }.max()
      writtenThrough = rotated.isEmpty ? 0 : min(last, max(notedThrough, newest ?? 0))
    }
    if writtenThrough == 0 && notedThrough > 0 {
      warn("\(path) was lost: written anew from the store")
    }
    try catchUp(with: store)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Writes every line that the store has and the log has not, syncs, and notes in the store how far the
  /// log has come. Not to be called inside a transaction.
  ///
  /// - Throws: `FileError` when the disk is full or the folder gone, `StoreError`; nothing is lost, the next
  ///   call goes on where this one ended.
  public func catchUp(with store: Store) throws {
    while true {
      let lines = try store.lines(after: writtenThrough, limit: 1_000)
      guard let last = lines.last else { break }
      try reopenIfRotated()
      let text = lines.map { $0.line + "\n" }.joined()
      let start = lseek(descriptor, 0, SEEK_END)
      do {
        try Array(text.utf8).withUnsafeBytes { try writeAll($0, to: descriptor, path: path) }
        guard fsync(descriptor) == 0 else { throw FileError(path: path) }
      } catch {
        // Half a line must not stay before the next one.
        ftruncate(descriptor, start)
        throw error
      }
      writtenThrough = last.sequence
    }
    guard notedThrough != writtenThrough else { return }
    try store.withoutSync { try store.setMeta(Self.positionKey, String(writtenThrough)) }
    notedThrough = writtenThrough
  }

  private func open() throws {
    if descriptor >= 0 { close(descriptor) }
    descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else { throw FileError(path: path) }
    var information = stat()
    fstat(descriptor, &information)
    identity = (information.st_dev, information.st_ino)
    syncFolder((path as NSString).deletingLastPathComponent)
  }

  /// After logrotate renamed or removed the file, the next line belongs in a new one.
  private func reopenIfRotated() throws {
    var information = stat()
    if descriptor < 0 || stat(path, &information) != 0
      || (information.st_dev, information.st_ino) != identity
    {
      try open()
    }
  }

  /// Uncompressed older parts: `annotations.jsonl.1`, `annotations.jsonl-20260101`.
  private static func rotatedParts(of path: String) -> [String] {
    let folder = (path as NSString).deletingLastPathComponent
    let name = (path as NSString).lastPathComponent
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter {
      $0 != name && ($0.hasPrefix(name + ".") || $0.hasPrefix(name + "-"))
        && !$0.contains(".ahead-")
    }.map { folder + "/" + $0 }
  }

  /// The sequence number of the last whole line; `nil` for a log without any.
  ///
  /// - Parameter truncating: cuts off a line that a crash left unfinished.
  static func lastSequence(of path: String, truncating: Bool) throws -> Int? {
    let descriptor = Glibc.open(path, (truncating ? O_RDWR : O_RDONLY) | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path) }
    defer { close(descriptor) }
    var end = lseek(descriptor, 0, SEEK_END)
    var tail: [UInt8] = []
    // Backwards until there are two line ends, or the file begins.
    while end > 0 {
      let length = min(end, 65_536)
      var chunk = [UInt8](repeating: 0, count: length)
      guard pread(descriptor, &chunk, length, end - length) == length else {
        throw FileError(path: path)
      }
      tail = chunk + tail
      end -= length
      if tail.count(where: { $0 == 0x0a }) >= 2 { break }
    }
    let start = end
    guard let newline = tail.lastIndex(of: 0x0a) else {
      if truncating && !tail.isEmpty { ftruncate(descriptor, start) }
      return nil
    }
    if truncating && newline + 1 < tail.count { ftruncate(descriptor, start + newline + 1) }
    let line = tail[..<newline].split(separator: 0x0a).last ?? []
    return (try? JSON(parsing: String(decoding: line, as: UTF8.self)))?["seq"]?.int
  }
}
