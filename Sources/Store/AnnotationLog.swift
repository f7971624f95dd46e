import Core
import Foundation
import Glibc

/// `annotations.jsonl`: the store's events, one per line, in order, without gaps or duplicates. The log follows the
/// store: lines that a crash or a full disk left unwritten are written later, and lines that were deleted, but not
/// rotated away, are written again.
package final class AnnotationLog {
  private let path: String
  private let warn: (String) -> Void
  private var descriptor: Int32 = -1
  private var identity: (device: dev_t, inode: ino_t) = (0, 0)
  /// Last known size of the file, bytes.
  private var size: off_t = 0
  /// Sequence number of the event that the current file begins with.
  private var first: Int
  /// Sequence number of the last event whose line is on disk.
  package private(set) var writtenThrough = 0
  /// `first` and `writtenThrough` as the store has them. They are used when the lines can't be read: after a rotation
  /// that compressed them, or after a loss.
  private var noted: (first: Int, through: Int)

  static let positionKey = "log_position"
  private static let firstKey = "log_first"

  /// Opens the log and brings it up to date with the store.
  ///
  /// - Parameter warn: receives a message for each repair.
  /// - Throws: `FileError` or `StoreError`.
  package init(path: String, store: any Store, warn: @escaping (String) -> Void) throws {
    self.path = path
    self.warn = warn
    noted = (
      try store.meta(Self.firstKey).flatMap { Int($0) } ?? 1,
      try store.meta(Self.positionKey).flatMap { Int($0) } ?? 0
    )
    first = noted.first
    writtenThrough = noted.through
    try makeFolder(path.parentFolder)
    try open()
    try locate(store, isElsewhere: false, isRunning: false)
    try catchUp(with: store)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Checks that the file is still there, writes and syncs every line that the log lacks, and records the position in
  /// the store. Don't call it inside a transaction.
  ///
  /// - Throws: `FileError` when the disk is full or the folder is gone, `StoreError`. Nothing is lost: the next call
  ///   continues where this one stopped.
  package func catchUp(with store: any Store) throws {
    try follow(store)
    while true {
      let lines = try store.lines(after: writtenThrough, limit: 1_000)
      guard let last = lines.last else { break }
      let text = lines.map { $0.line + "\n" }.joined()
      let start = lseek(descriptor, 0, SEEK_END)
      do {
        try Array(text.utf8).withUnsafeBytes { try writeAll($0, to: descriptor, path: path) }
        guard fsync(descriptor) == 0 else { throw FileError(path: path) }
      } catch {
        // Remove a partial line before the next one is written.
        ftruncate(descriptor, start)
        throw error
      }
      size = lseek(descriptor, 0, SEEK_END)
      writtenThrough = last.sequence
      try follow(store)
    }
    guard noted != (first, writtenThrough) else { return }
    try store.transaction(isDurable: false) {
      try store.setMeta(Self.firstKey, String(first))
      try store.setMeta(Self.positionKey, String(writtenThrough))
    }
    noted = (first, writtenThrough)
  }

  /// Opens the file at `path`, so that a reader finds what is written. Refuses a link and anything but a log.
  private func open() throws {
    var information = stat()
    if lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFLNK {
      throw notOurs("is a symbolic link")
    }
    let opened = try openOrMake(path, O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK)
    guard fstat(opened, &information) == 0, information.st_mode & S_IFMT == S_IFREG,
      information.st_size == 0 || LogParts.isLog(opened)
    else {
      close(opened)
      throw notOurs("is not an annotation log")
    }
    if descriptor >= 0 { close(descriptor) }
    descriptor = opened
    identity = (information.st_dev, information.st_ino)
    syncFolder(path.parentFolder)
  }

  /// Switches to the file that is now at `path`: logrotate may have renamed the previous one, or copied and truncated
  /// it; someone may have deleted or truncated it.
  private func follow(_ store: any Store) throws {
    if isOpen(at: path) {
      var information = stat()
      fstat(descriptor, &information)
      if information.st_size < size { try locate(store, isElsewhere: false) }
    } else {
      let isRenamed = currentPath.map(isOpen) ?? false
      try open()
      try locate(store, isElsewhere: isRenamed)
    }
  }

  /// Whether the open file is the one at a path. A symbolic link there doesn't count.
  private func isOpen(at path: String) -> Bool {
    var information = stat()
    return lstat(path, &information) == 0
      && (information.st_dev, information.st_ino) == identity
  }

  /// Current path of the name that was opened, in any folder; other hard links don't count. `nil` when it is gone.
  private var currentPath: String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
  }

  private func notOurs(_ what: String) -> FileError {
    FileError(
      path: path,
      problem: "\(what): move it away, or name another file as state.log; nothing is lost meanwhile"
    )
  }

  /// Finds the position at which to continue in the current file.
  ///
  /// - Parameters:
  ///   - isElsewhere: the written lines are known to be in another file.
  ///   - isRunning: the file changed while it was open. That is rare, so the whole file is checked.
  private func locate(_ store: any Store, isElsewhere: Bool, isRunning: Bool = true) throws {
    defer { size = lseek(descriptor, 0, SEEK_END) }
    let last = try store.lastSequence()
    guard let found = try LogParts.lastSequence(of: path, truncating: true) else {
      return try goOn(store, last, isElsewhere: isElsewhere)
    }
    let beginning = LogParts.firstSequence(of: path) ?? first
    let isCut = beginning > first && !LogParts(of: path).mayHold(first..<beginning)
    if found > last {
      try setAside(".ahead-\(found)", "ends at event \(found), the store at \(last)")
      (first, writtenThrough) = (1, 0)
    } else if try isCut
      || isRunning && !LogParts.isGapless(path, from: beginning, through: found)
    {
      // Someone removed lines from it.
      try setAside(".damaged-\(found)", "lacks lines between events \(first) and \(found)")
      writtenThrough = first - 1
    } else {
      (first, writtenThrough) = (beginning, found)
    }
  }

  private func setAside(_ suffix: String, _ why: String) throws {
    var aside = path + suffix
    while access(aside, F_OK) == 0 { aside += "-again" }
    warn("\(path) \(why): moved to \(aside), written again")
    guard rename(path, aside) == 0 else { throw FileError(path: aside) }
    try open()
  }

  /// Finds the position at which to continue in an empty file. Its lines were rotated away or lost; the parts beside it
  /// show which.
  private func goOn(_ store: any Store, _ last: Int, isElsewhere: Bool) throws {
    let parts = LogParts(of: path)
    let through = min(last, max(writtenThrough, parts.readable.map(\.last).max() ?? 0))
    if try through == 0 || isElsewhere || parts.hold(through, time: time(of: through, store)) {
      writtenThrough = through
    } else {
      // A part may lack the lines that were written while it was copied.
      writtenThrough = min(parts.end(of: first) ?? first - 1, through)
      warn("\(path) was lost: written again from event \(writtenThrough + 1) on")
    }
    first = writtenThrough + 1
  }

  private func time(of sequence: Int, _ store: any Store) throws -> Double? {
    let line = try store.lines(after: sequence - 1, limit: 1).first?.line
    return try line.flatMap { try JSON(parsing: $0)["time"]?.string }
      .flatMap {
        try? Date($0, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
      }
      .map(\.timeIntervalSince1970)
  }
}
