import Glibc

/// Whose a file is that root makes. Left to root, a file in the service's state folder would lock the service out.
package enum Ownership: Sendable {
  /// The owner's and the group's of the folder that it lies in.
  case folder
  /// The process's own, for the group of the folder to read: for what the service shall read and not change.
  case process

  /// Gives away what was just made, by descriptor, so that nothing else is given away meanwhile.
  ///
  /// - Parameter folder: a descriptor, too.
  func apply(to descriptor: Int32, in folder: Int32) {
    guard geteuid() == 0 else { return }
    var above = stat()
    guard fstat(folder, &above) == 0 else { return }
    // File systems without owners refuse; there is nobody to lock out then.
    _ = fchown(descriptor, self == .folder ? above.st_uid : uid_t.max, above.st_gid)
  }

  /// The same for what was just made at a path.
  func apply(to descriptor: Int32, at path: String) {
    guard geteuid() == 0 else { return }
    let folder = open(Self.parent(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    apply(to: descriptor, in: folder)
    close(folder)
  }

  /// The same for a link or a socket, which nobody opens.
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

/// Opens a file, making it where there is none: with the owner and the group of its folder, for nobody but them.
///
/// - Throws: `FileError`.
package func openOrMake(_ path: String, _ flags: Int32, mode: mode_t = 0o640) throws(FileError)
  -> Int32
{
  // Twice, for somebody else may make or remove it in between.
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

/// What every program of the project sets first: no file that it makes is read by others or written by the group, by
/// whatever library it is made.
package func restrictNewFiles() { umask(0o027) }
