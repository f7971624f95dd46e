import Foundation

/// A mount point. Bind mounts count, too, which a folder's device number doesn't show.
package struct MountPoint: Sendable, Equatable {
  package let path: String
  /// The file system's type, such as `nfs4`.
  package let fileSystem: String

  /// The innermost one that holds a path; `nil` if the system doesn't say, or the path doesn't exist.
  ///
  /// - Parameter mounts: the mount table.
  package init?(holding path: String, among mounts: [MountPoint] = MountPoint.all) {
    guard let real = path.resolved else { return nil }
    self.init(holdingResolved: real, among: mounts)
  }

  /// - Parameter path: with links resolved.
  init?(holdingResolved path: String, among mounts: [MountPoint]) {
    let holding = mounts.filter {
      $0.path == "/" || path == $0.path || path.hasPrefix($0.path + "/")
    }
    // Of several at one path the last is on top.
    guard
      let found = holding.enumerated().max(by: {
        ($0.element.path.utf8.count, $0.offset) < ($1.element.path.utf8.count, $1.offset)
      })
    else { return nil }
    self = found.element
  }

  /// All mount points, in the order in which they were mounted.
  package static var all: [MountPoint] {
    let table = FileManager.default.contents(atPath: "/proc/self/mountinfo") ?? Data()
    return entries(String(decoding: table, as: UTF8.self))
  }

  /// - Parameter table: as in `/proc/self/mountinfo`, see proc(5).
  package static func entries(_ table: String) -> [MountPoint] {
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

  /// Decodes blanks, line feeds and backslashes, which are written in octal, such as `\040`.
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
