import Foundation
import Glibc

/// A listening endpoint: a port or a Unix socket. Start and stop replace or remove nothing at its path but a stale
/// socket of our own.
package struct Listener: Sendable {
  package let descriptor: Int32
  private let socket: (path: String, device: dev_t, inode: ino_t)?

  /// At a port.
  init(port descriptor: Int32) {
    self.descriptor = descriptor
    socket = nil
  }

  /// - Throws: `FileError` when something else is there, or it can't listen there.
  package init(path: String) throws {
    try makeFolder(path.parentFolder)
    try Self.checkPlace(path)
    descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw FileError(path: path) }
    // Made under another name, which no one can know, and renamed: the socket never appears before its listener.
    let hidden = path + "." + hexadecimal(randomBytes(2))
    let opened = descriptor
    var information = stat()
    guard ControlSocket.withAddress(hidden, { bind(opened, $0, $1) }) == 0 else {
      let error = FileError(path: path, exitCode: .cannotCreate)
      close(descriptor)
      throw error
    }
    Ownership.giveToFolder(hidden)
    guard chmod(hidden, 0o660) == 0, listen(descriptor, 16) == 0, lstat(hidden, &information) == 0,
      rename(hidden, path) == 0
    else {
      let error = FileError(path: path, exitCode: .cannotCreate)
      unlink(hidden)
      close(descriptor)
      throw error
    }
    socket = (path, information.st_dev, information.st_ino)
  }

  private static func checkPlace(_ path: String) throws {
    var information = stat()
    guard lstat(path, &information) == 0 else { return }
    guard information.st_mode & S_IFMT == S_IFSOCK else {
      throw FileError(
        path: path, problem: "is not a socket: give another path, or move it away",
        exitCode: .cannotCreate)
    }
    guard !ControlSocket.isServed(path) else {
      throw FileError(path: path, problem: "another process listens there", exitCode: .cannotCreate)
    }
    guard information.st_uid == geteuid() || geteuid() == 0 else {
      throw FileError(
        path: path, problem: "is a socket of another user: remove it", exitCode: .cannotCreate)
    }
  }

  /// Removes the socket, unless something else has taken its place.
  package func remove() {
    var information = stat()
    guard let socket, lstat(socket.path, &information) == 0,
      (information.st_dev, information.st_ino) == (socket.device, socket.inode)
    else { return }
    unlink(socket.path)
  }
}
