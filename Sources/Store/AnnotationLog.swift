import Core
import Foundation
import Glibc

/// `annotations.jsonl`: the store's events, one a line, in order, without gaps, each once. The store is the
/// truth and the log follows it: whatever a crash or a full disk left unwritten is written later, and what is deleted
/// while it isn't rotated is written anew.
package final class AnnotationLog {
  private let path: String
  private let warn: (String) -> Void
  private var descriptor: Int32 = -1
  private var identity: (device: dev_t, inode: ino_t) = (0, 0)
  /// Of the file, as far as is known.
  private var size: off_t = 0
  /// The event that the file as it is now begins with.
  private var first: Int
  /// The last event whose line is safely in the log.
  package private(set) var writtenThrough = 0
  /// What the store says of `first` and `writtenThrough`. It counts where the lines can't be read: after a rotation
  /// that compressed them, or a loss.
  private var noted: (first: Int, through: Int)

  static let positionKey = "log_position"
  private static let firstKey = "log_first"

  /// Opens the log and brings it to where the store is.
  ///
  /// - Parameter warn: told what had to be mended.
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

  /// Looks whether the file is still there, writes every line that the store has and the log has not, syncs, and
  /// notes in the store how far the log has come. Not to be called inside a transaction.
  ///
  /// - Throws: `FileError` when the disk is full or the folder gone, `StoreError`; nothing is lost, the next
  ///   call goes on where this one ended.
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
        // Half a line must not stay before the next one.
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

  /// Opens the file that is there, which may be nobody else's: what is written to is what a reader finds.
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
      throw notOurs("is no annotation log")
    }
    if descriptor >= 0 { close(descriptor) }
    descriptor = opened
    identity = (information.st_dev, information.st_ino)
    syncFolder(path.parentFolder)
  }

  /// Goes to the file that is there now: logrotate may have renamed, or copied and emptied, the one before; somebody
  /// may have deleted or emptied it.
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

  /// Whether the file that is open is the one at a path, and not one that a link there leads to.
  private func isOpen(at path: String) -> Bool {
    var information = stat()
    return lstat(path, &information) == 0
      && (information.st_dev, information.st_ino) == identity
  }

  /// Where the name that was opened is now, in whatever folder; other names of the file don't count. `nil` when it is
  /// gone.
  private var currentPath: String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
  }

  private func notOurs(_ what: String) -> FileError {
    FileError(
      path: path,
      problem: "\(what): move it away, or name another file as state.log; nothing is lost meanwhile"
    )
  }

  /// Finds out where to go on in the file as it is now.
  ///
  /// - Parameters:
  ///   - isElsewhere: the lines that were written are known to be in another file.
  ///   - isRunning: the file changed under our eyes, which is rare: it is read as a whole then.
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
      // Somebody cut lines out of it.
      try setAside(".damaged-\(found)", "lacks lines between events \(first) and \(found)")
      writtenThrough = first - 1
    } else {
      (first, writtenThrough) = (beginning, found)
    }
  }

  private func setAside(_ suffix: String, _ why: String) throws {
    var aside = path + suffix
    while access(aside, F_OK) == 0 { aside += "-again" }
    warn("\(path) \(why): moved to \(aside), written anew")
    guard rename(path, aside) == 0 else { throw FileError(path: aside) }
    try open()
  }

  /// Finds out where to go on in an empty file: what it held was rotated away, or lost, and the parts beside it tell
  /// which.
  private func goOn(_ store: any Store, _ last: Int, isElsewhere: Bool) throws {
    let parts = LogParts(of: path)
    let through = min(last, max(writtenThrough, parts.readable.map(\.last).max() ?? 0))
    if try through == 0 || isElsewhere || parts.hold(through, time: time(of: through, store)) {
      writtenThrough = through
    } else {
      // A part may hold all but what came while it was copied.
      writtenThrough = min(parts.end(of: first) ?? first - 1, through)
      warn("\(path) was lost: written anew from event \(writtenThrough + 1) on")
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
