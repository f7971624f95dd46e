import Glibc

/// What changes when a file's content does.
public struct FileVersion: Sendable, Hashable {
  public var size: Int
  /// Nanoseconds since 1970.
  public var modified: Int
  /// `nil` where it was not noted.
  public var inode: Int?
  /// When its content, name or rights last changed, nanoseconds since 1970; `nil` where it was not noted.
  public var changed: Int?

  public init(size: Int, modified: Int, inode: Int? = nil, changed: Int? = nil) {
    self.size = size
    self.modified = modified
    self.inode = inode
    self.changed = changed
  }

  init(_ information: stat) {
    self.init(
      size: Int(information.st_size), modified: Self.nanoseconds(information.st_mtim),
      inode: Int(bitPattern: UInt(information.st_ino)),
      changed: Self.nanoseconds(information.st_ctim))
  }

  // A damaged disk may give any time.
  private static func nanoseconds(_ time: timespec) -> Int {
    Int(time.tv_sec) &* 1_000_000_000 &+ Int(time.tv_nsec)
  }
}

/// A file as it was seen.
public struct FileStamp: Sendable, Hashable {
  public let path: FilePath
  public let version: FileVersion

  public init(path: FilePath, version: FileVersion) {
    self.path = path
    self.version = version
  }

  /// `nil` for what is no regular file. Links are followed.
  public init?(path: FilePath) {
    var information = stat()
    guard path.withCString({ stat($0, &information) }) == 0,
      information.st_mode & S_IFMT == S_IFREG
    else { return nil }
    self.init(path: path, version: FileVersion(information))
  }

  /// False once the file was removed, renamed or changed.
  public var isCurrent: Bool { FileStamp(path: path) == self }

  /// Files that an exporter is still writing, by their names; hidden files; the file system's own folders, readable by
  /// root only.
  public static func isSkipped(_ name: some BidirectionalCollection<UInt8>) -> Bool {
    name.first == UInt8(ascii: ".")
      || [".partial", ".tmp"].contains { name.suffix($0.utf8.count).elementsEqual($0.utf8) }
      || ["lost+found", "System Volume Information", "$RECYCLE.BIN"].contains {
        name.elementsEqual($0.utf8)
      }
  }
}
