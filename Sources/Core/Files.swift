import Foundation
import Glibc

/// A problem with a file, described so that an administrator knows where to look.
package struct FileError: ServiceError, ExitingError, CustomStringConvertible {
  package let path: String
  package let problem: String
  package let exitCode: ExitCode

  /// - Parameter exitCode: `.noInput` for a file to read, `.cannotCreate` for one to write.
  package init(path: String, problem: String, exitCode: ExitCode = .noInput) {
    self.path = path
    self.problem = problem
    self.exitCode = exitCode
  }

  /// The system's message for `errno`.
  ///
  /// - Parameter exitCode: applies unless the disk is full or fails.
  package init(
    path: some FilePathConvertible, errno code: Int32 = errno, exitCode: ExitCode = .noInput
  ) {
    self.init(
      path: path.filePath.description, problem: String(cString: strerror(code)),
      exitCode: [ENOSPC, EDQUOT, EIO, EFBIG].contains(code) ? .io : exitCode)
  }

  package var description: String { "\(path): \(problem)" }
  package var response: ErrorResponse { .retry }
}

/// Reads a whole file.
///
/// - Parameter limit: bytes; a longer file is refused, and not read to its end.
/// - Throws: `FileError`.
package func readFile(_ path: some FilePathConvertible, atMost limit: Int = .max) throws -> Data {
  var data = Data()
  try readPieces(path) { piece throws(FileError) in
    data.append(contentsOf: piece)
    if data.count > limit {
      throw FileError(path: path.filePath.description, problem: "more than \(limit) bytes")
    }
  }
  return data
}

/// Opens a regular file for reading. A pipe, a device or a socket in its place, even one that appeared after the file
/// was found, is refused at once: opening a pipe would wait for a writer.
package func openToRead(_ path: some FilePathConvertible) throws(FileError) -> Int32 {
  let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
  let descriptor = path.filePath.withCString { open($0, flags) }
  guard descriptor >= 0 else { throw FileError(path: path) }
  var information = stat()
  guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
    close(descriptor)
    throw FileError(path: path.filePath.description, problem: "is not a regular file")
  }
  return descriptor
}

/// Reads a file from beginning to end, in pieces of at most 64 KiB.
package func readPieces(
  _ path: some FilePathConvertible, _ body: (UnsafeRawBufferPointer) throws(FileError) -> Void
) throws(FileError) {
  let descriptor = try openToRead(path)
  defer { close(descriptor) }
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
  defer { buffer.deallocate() }
  while true {
    let count = read(descriptor, buffer.baseAddress, buffer.count)
    if count < 0 && errno == EINTR { continue }
    guard count >= 0 else { throw FileError(path: path, exitCode: .io) }
    if count == 0 { return }
    try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
  }
}

/// Writes a temporary file beside `path`, syncs it, renames it over `path` and syncs the folder: after a
/// crash there is either the old file or the whole new one.
///
/// - Parameter mode: permissions before the process's umask.
/// - Throws: `FileError`.
package func writeAtomically(_ data: Data, to path: String, mode: mode_t = 0o640) throws {
  let (folder, name) = (
    path.parentFolder, path.fileName
  )
  // Hidden, so that folder watchers skip it, and random, so that no link can be planted there.
  let temporary = (folder as NSString).appendingPathComponent(
    ".\(name).tmp-\(hexadecimal(randomBytes(6)))")
  let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
  guard descriptor >= 0 else { throw FileError(path: temporary, exitCode: .cannotCreate) }
  Ownership.folder.apply(to: descriptor, at: temporary)
  do {
    try data.withUnsafeBytes { try writeAll($0, to: descriptor, path: temporary) }
    guard fsync(descriptor) == 0 else { throw FileError(path: temporary, exitCode: .io) }
  } catch {
    close(descriptor)
    unlink(temporary)
    throw error
  }
  close(descriptor)
  guard rename(temporary, path) == 0 else { throw FileError(path: path, exitCode: .cannotCreate) }
  syncFolder(folder)
}

/// Writes every byte.
///
/// - Throws: `FileError`.
package func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws {
  var rest = bytes
  while !rest.isEmpty {
    let count = write(descriptor, rest.baseAddress, rest.count)
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { throw FileError(path: path, exitCode: .io) }
    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
  }
}

/// Makes renames and new names in a folder durable.
package func syncFolder(_ path: String) {
  let descriptor = open(path.isEmpty ? "." : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else { return }
  fsync(descriptor)
  close(descriptor)
}

/// Makes a folder and its missing parents, each with the owner of the folder above it.
package func makeFolder(_ path: String, mode: mode_t = 0o750) throws(FileError) {
  var information = stat()
  if stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFDIR { return }
  let parent = path.parentFolder
  if !parent.isEmpty, parent != path { try makeFolder(parent, mode: mode) }
  guard mkdir(path, mode) == 0 else {
    let code = errno
    // Someone else was faster.
    if code == EEXIST, stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFDIR {
      return
    }
    throw FileError(
      path: path, problem: "can't be created: \(String(cString: strerror(code)))",
      exitCode: .cannotCreate)
  }
  let made = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
  guard made >= 0 else { return }
  Ownership.folder.apply(to: made, at: path)
  close(made)
}

/// Bytes that an unprivileged user may still write on the file system that holds `path`.
package func freeSpace(at path: String) -> UInt64? {
  var information = statvfs()
  guard statvfs(path, &information) == 0 else { return nil }
  return UInt64(information.f_bavail) * UInt64(information.f_frsize)
}

/// A file beside this process's executable, where `make install` and `swift build` put related files.
package func besideExecutable(_ name: String) -> String {
  let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
  return own.parentFolder + "/" + name
}
