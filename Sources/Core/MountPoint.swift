import Foundation
import Glibc

/// Where something is mounted: bind mounts, too, which a folder's device number doesn't tell.
public struct MountPoint: Sendable, Equatable {
  public let path: String
  /// The file system's type, such as `nfs4`.
  public let fileSystem: String

  /// The innermost one that holds a path; `nil` where the system doesn't say, or the path leads nowhere.
  public init?(holding path: String) {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    let real = String(cString: resolved)
    guard let table = FileManager.default.contents(atPath: "/proc/self/mountinfo") else {
      return nil
    }
    self.init(holding: real, table: String(decoding: table, as: UTF8.self))
  }

  /// - Parameter table: as in `/proc/self/mountinfo`, see proc(5).
  public init?(holding path: String, table: String) {
    let holding = Self.entries(table).filter {
      $0.path == "/" || path == $0.path || path.hasPrefix($0.path + "/")
    }
    // Of several at one place the last is on top.
    guard
      let found = holding.enumerated().max(by: {
        ($0.element.path.utf8.count, $0.offset) < ($1.element.path.utf8.count, $1.offset)
      })
    else { return nil }
    self = found.element
  }

  /// The paths of all.
  public static var all: [String] {
    let table = FileManager.default.contents(atPath: "/proc/self/mountinfo") ?? Data()
    return entries(String(decoding: table, as: UTF8.self)).map(\.path)
  }

  private static func entries(_ table: String) -> [MountPoint] {
    table.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard fields.count > 4, let separator = fields.firstIndex(of: "-"),
        separator + 1 < fields.endIndex
      else { return nil }
      return MountPoint(path: unescaped(fields[4]), fileSystem: String(fields[separator + 1]))
    }
  }

  private init(path: String, fileSystem: String) {
    self.path = path
    self.fileSystem = fileSystem
  }

  /// Blanks, line feeds and backslashes are written as `\040`, in octal digits.
  private static func unescaped(_ field: Substring) -> String {
    var parts = field.split(separator: "\\", omittingEmptySubsequences: false)[...]
    var bytes = Array((parts.popFirst() ?? "").utf8)
    for part in parts {
      if let code = UInt8(part.prefix(3), radix: 8) { bytes.append(code) }
      bytes += part.dropFirst(3).utf8
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
