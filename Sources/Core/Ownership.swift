import Glibc

/// The owner of a file that root makes. If root kept a file in the service's state folder, the service would be locked
/// out.
package enum Ownership: Sendable {
  /// Owner and group of the folder that holds it.
  case folder
  /// The process's user and the folder's group: for files that the service may read but not change.
  case process

  /// Changes the owner of a new file, by descriptor, so that no other file is given away.
  ///
  /// - Parameter folder: the folder's descriptor.
  func apply(to descriptor: Int32, in folder: Int32) {
    guard geteuid() == 0 else { return }
    var above = stat()
    guard fstat(folder, &above) == 0 else { return }
    // File systems without owners refuse; no one is locked out then.
    _ = fchown(descriptor, self == .folder ? above.st_uid : uid_t.max, above.st_gid)
  }

  /// The same for a new file at a path.
  func apply(to descriptor: Int32, at path: String) {
    guard geteuid() == 0 else { return }
    let folder = open(Self.parent(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    apply(to: descriptor, in: folder)
    close(folder)
  }

  /// The same for a link or a socket, which is not opened.
  package static func giveToFolder(_ path: String) {
    var above = stat()
    guard geteuid() == 0, stat(parent(of: path), &above) == 0 else { return }
    _ = lchown(path, above.st_uid, above.st_gid)
  }

  private static func parent(of path: String) -> String {
    let parent = String(decoding: path.filePath.parent.bytes, as: UTF8.self)
    return parent.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : parent
  }
}

/// Opens a file, making it if missing: with the owner and the group of its folder, and no rights for others.
///
/// - Throws: `FileError`.
package func openOrMake(_ path: String, _ flags: Int32, mode: mode_t = 0o640) throws(FileError)
  -> Int32
{
  // Twice, because another process may make or remove it in between.
  for _ in 0..<2 {
    let made = open(path, flags | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    if made >= 0 {
      Ownership.folder.apply(to: made, at: path)
      return made
    }
    guard errno == EEXIST else { break }
    let known = open(path, flags | O_CLOEXEC)
    if known >= 0 { return known }
    guard errno == ENOENT else { break }
  }
  throw FileError(path: path)
}

/// Every program of the project calls this first: files that it makes, through any library, can't be read by others or
/// written by the group.
package func restrictNewFiles() { umask(0o027) }
