import Core
import Foundation
import Glibc

/// The files that logrotate left beside a log: `annotations.jsonl.1`, `annotations.jsonl-20260101`,
/// `annotations.jsonl.2.gz`, or `annotations.1.jsonl` with `extension .jsonl`.
package struct LogParts {
  /// Readable parts with the sequence numbers of their first and last events, in order of the first.
  package private(set) var readable: [(path: String, first: Int, last: Int)] = []
  /// Paths of compressed parts.
  package private(set) var compressed: [String] = []

  package init(of path: String) {
    let folder = path.parentFolder
    let name = path.fileName
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for part in names.sorted() where part != name && Self.isPart(part, of: name) {
      let part = folder + "/" + part
      var information = stat()
      guard lstat(part, &information) == 0, information.st_mode & S_IFMT == S_IFREG,
        information.st_size > 0
      else { continue }
      if let first = Self.firstSequence(of: part), let last = try? Self.lastSequence(of: part) {
        readable.append((part, first, last))
      } else if Self.compressions.contains((part as NSString).pathExtension) {
        compressed.append(part)
      }
    }
    readable.sort { $0.first < $1.first }
  }

  private static let compressions: Set<String> = ["gz", "xz", "zst", "bz2", "lz4", "lzma", "Z"]

  private static func isPart(_ part: String, of name: String) -> Bool {
    let stem = (name as NSString).deletingPathExtension
    let bases = [name] + (stem == name ? [] : [stem])
    return !part.contains(".ahead-") && !part.contains(".damaged-")
      && bases.contains { part.hasPrefix($0 + ".") || part.hasPrefix($0 + "-") }
  }

  /// The last event that the readable parts hold without a gap from `first` on; `nil` if they don't hold `first`.
  func end(of first: Int) -> Int? {
    var end: Int?
    for part in readable where part.first <= (end ?? first - 1) + 1 && part.last >= first {
      end = max(end ?? part.last, part.last)
    }
    return end
  }

  /// Whether the parts hold all of the events, or may hold them: compressed parts aren't read.
  func mayHold(_ events: Range<Int>) -> Bool {
    !compressed.isEmpty || end(of: events.lowerBound) ?? 0 >= events.upperBound - 1
  }

  /// Whether a part holds an event: a readable one, or a compressed one last written after the event. Compressors keep
  /// a file's modification time.
  ///
  /// - Parameter time: of the event, seconds since 1970.
  func hold(_ sequence: Int, time: Double?) -> Bool {
    readable.contains { $0.last >= sequence }
      || compressed.contains { part in
        var information = stat()
        return stat(part, &information) == 0
          // Events have a resolution of milliseconds.
          && Double(information.st_mtim.tv_sec) + Double(information.st_mtim.tv_nsec) / 1e9 >= time
            ?? 0
      }
  }

  /// Whether a nonempty file begins like a log, or with the part of a first line that a crash left.
  static func isLog(_ descriptor: Int32) -> Bool {
    let head = Array(#"{"seq":"#.utf8)
    var bytes = [UInt8](repeating: 0, count: head.count)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return count > 0 && head.starts(with: bytes[..<count])
  }

  /// Sequence number of the first line; `nil` if there is none.
  package static func firstSequence(of path: String) -> Int? {
    guard let descriptor = try? openToRead(path) else { return nil }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    guard let beginning = try? handle.read(upToCount: 65_536),
      let line = beginning.split(separator: 0x0a, maxSplits: 1, omittingEmptySubsequences: false)
        .first, line.count < beginning.count
    else { return nil }
    return (try? JSON(parsing: String(decoding: line, as: UTF8.self)))?["seq"]?.int
  }

  /// Sequence number of the last line that is an event; `nil` if there is none.
  ///
  /// - Parameter truncating: cuts off what follows it: a line that a crash left unfinished, or foreign text.
  /// - Throws: `FileError` when the file can't be read.
  static func lastSequence(of path: String, truncating: Bool = false) throws -> Int? {
    let descriptor = Glibc.open(
      path, (truncating ? O_RDWR : O_RDONLY) | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path) }
    defer { close(descriptor) }
    var start = lseek(descriptor, 0, SEEK_END)
    let isEmpty = start == 0
    // The line whose beginning isn't read yet.
    var pending: [UInt8] = []
    // Reads backwards until a line is an event or the file begins.
    while start > 0 {
      let length = min(start, 65_536)
      var bytes = [UInt8](repeating: 0, count: length)
      guard pread(descriptor, &bytes, length, start - length) == length else {
        throw FileError(path: path)
      }
      bytes += pending
      start -= length
      let whole = start == 0 ? 0 : bytes.firstIndex(of: 0x0a).map { $0 + 1 } ?? bytes.count
      var end = bytes.lastIndex(of: 0x0a) ?? -1
      while end >= whole {
        let begin = bytes[whole..<end].lastIndex(of: 0x0a).map { $0 + 1 } ?? whole
        if let sequence = sequence(of: bytes[begin..<end]) {
          if truncating { ftruncate(descriptor, start + end + 1) }
          return sequence
        }
        end = begin - 1
      }
      // No event is that long.
      pending = whole > 1 << 20 ? [] : Array(bytes[..<whole])
    }
    if truncating && !isEmpty { ftruncate(descriptor, 0) }
    return nil
  }

  private static func sequence(of line: ArraySlice<UInt8>) -> Int? {
    (try? JSON(parsing: String(decoding: line, as: UTF8.self)))?["seq"]?.int
  }

  /// Whether the number of lines matches the first and last sequence numbers.
  ///
  /// - Throws: `FileError` when the file can't be read.
  static func isGapless(_ path: String, from first: Int, through last: Int) throws -> Bool {
    var lines = 0
    try readPieces(path) { piece throws(FileError) in lines += piece.count { $0 == 0x0a } }
    return lines == last - first + 1
  }
}
