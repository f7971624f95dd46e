import Glibc

/// A file as it was seen: its path and what changes when its content does.
public struct FileStamp: Sendable, Hashable {
  public let path: String
  public let size: Int
  /// Nanoseconds since 1970.
  public let modified: Int

  public init(path: String, size: Int, modified: Int) {
    self.path = path
    self.size = size
    self.modified = modified
  }

  init(path: String, information: stat) {
    self.init(
      path: path, size: Int(information.st_size),
      modified: Int(information.st_mtim.tv_sec) * 1_000_000_000 + Int(information.st_mtim.tv_nsec))
  }

  /// False once the file was removed, renamed or changed.
  public var isCurrent: Bool {
    var information = stat()
    return stat(path, &information) == 0 && FileStamp(path: path, information: information) == self
  }

  /// Names that exporters give to files that they are still writing, and hidden files.
  static func isSkipped(_ name: Substring) -> Bool {
    name.hasPrefix(".") || name.hasSuffix(".partial") || name.hasSuffix(".tmp")
  }
}
