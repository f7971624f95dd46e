import Glibc

/// What changes when a file's content does.
package struct FileVersion: Sendable, Hashable {
  package var size: Int
  /// Nanoseconds since 1970.
  package var modified: Int
  /// `nil` if it was not recorded.
  package var inode: Int?
  /// When its content, name or rights last changed, nanoseconds since 1970; `nil` if it was not recorded.
  package var changed: Int?

  package init(size: Int, modified: Int, inode: Int? = nil, changed: Int? = nil) {
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
package struct FileStamp: Sendable, Hashable {
  package let path: FilePath
  package let version: FileVersion

  package init(path: FilePath, version: FileVersion) {
    self.path = path
    self.version = version
  }

  /// `nil` if it is not a regular file. Links are followed.
  package init?(path: FilePath) {
    var information = stat()
    guard path.withCString({ stat($0, &information) }) == 0,
      information.st_mode & S_IFMT == S_IFREG
    else { return nil }
    self.init(path: path, version: FileVersion(information))
  }

  /// False once the file was removed, renamed or changed.
  package var isCurrent: Bool { FileStamp(path: path) == self }

  /// Whether a name is skipped: files that an exporter is still writing, hidden files, and the file system's own
  /// folders, readable by root only.
  package static func isSkipped(_ name: some BidirectionalCollection<UInt8>) -> Bool {
    name.first == UInt8(ascii: ".")
      || [".partial", ".tmp"].contains { name.suffix($0.utf8.count).elementsEqual($0.utf8) }
      || ["lost+found", "System Volume Information", "$RECYCLE.BIN"].contains {
        name.elementsEqual($0.utf8)
      }
  }
}
