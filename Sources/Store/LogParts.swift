import Core
import Foundation
import Glibc

/// What logrotate left beside a log: `annotations.jsonl.1`, `annotations.jsonl-20260101`, `annotations.jsonl.2.gz`.
public struct LogParts {
  /// Those that can be read, with their first and last events, in the order of these.
  public private(set) var readable: [(path: String, first: Int, last: Int)] = []
  /// Those that are compressed, or no part of the log at all.
  public private(set) var others: [String] = []

  public init(of path: String) {
    let folder = (path as NSString).deletingLastPathComponent
    let name = (path as NSString).lastPathComponent
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for part in names.sorted()
    where part != name && (part.hasPrefix(name + ".") || part.hasPrefix(name + "-"))
      && !part.contains(".ahead-")
    {
      let part = folder + "/" + part
      if let first = Self.firstSequence(of: part), let last = try? Self.lastSequence(of: part) {
        readable.append((part, first, last))
      } else {
        others.append(part)
      }
    }
    readable.sort { $0.first < $1.first }
  }

  /// Whether an event is in one of them: in one that can be read, or in one that was written to since. Who compresses a
  /// file keeps its time.
  ///
  /// - Parameter time: of the event, seconds since 1970.
  func hold(_ sequence: Int, time: Double?) -> Bool {
    readable.contains { $0.last >= sequence }
      || others.contains { part in
        var information = stat()
        return stat(part, &information) == 0
          && Double(information.st_mtim.tv_sec) + 1 >= time ?? 0
      }
  }

  /// Whether a file that isn't empty begins as a log does, or with what a crash left of that.
  static func isLog(_ descriptor: Int32) -> Bool {
    let head = Array(#"{"seq":"#.utf8)
    var bytes = [UInt8](repeating: 0, count: head.count)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return count > 0 && head.starts(with: bytes[..<count])
  }

  /// The sequence number of the first line; `nil` for a log without any.
  public static func firstSequence(of path: String) -> Int? {
    guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? handle.close() }
    guard let beginning = try? handle.read(upToCount: 65_536),
      let line = beginning.split(separator: 0x0a, maxSplits: 1, omittingEmptySubsequences: false)
        .first, line.count < beginning.count
    else { return nil }
    return (try? JSON(parsing: String(decoding: line, as: UTF8.self)))?["seq"]?.int
  }

  /// The sequence number of the last whole line; `nil` for a log without any.
  ///
  /// - Parameter truncating: cuts off a line that a crash left unfinished.
  /// - Throws: `FileError` when it can't be read.
  static func lastSequence(of path: String, truncating: Bool = false) throws -> Int? {
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
