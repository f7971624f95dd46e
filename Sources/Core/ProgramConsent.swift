import Foundation
import Glibc

/// Whose programs may run inside the service. A bundle may hold one, an image encoder in TorchScript. The service's
/// user owns the state folder with the bundles, so a file in it is not enough: the program's file must belong to root,
/// or to the owner of the configuration if the daemon is run by hand, and no one else may write it.
package enum ProgramConsent: Sendable {
  /// Programs are not even loaded: for commands that don't need them.
  case leftOut
  /// Any program that was given by name: for commands whose user just did so.
  case any
  /// Programs of these users.
  case owners(Set<uid_t>)

  /// Root's and the current user's.
  package static var own: ProgramConsent { .owners([0, geteuid()]) }

  /// Root's, and those of the owner of a configuration that no one else may write.
  package init(configuration path: String) {
    var information = stat()
    let isKept = stat(path, &information) == 0 && information.st_mode & 0o022 == 0
    self = .owners(isKept ? [0, information.st_uid] : [0])
  }

  /// A program's file name in a bundle.
  package static let fileName = "image.pt"

  /// Reads a program that may run; `nil` where programs are left out.
  ///
  /// - Throws: `FileError` that says what root has to do.
  package func read(_ path: String) throws -> Data? {
    switch self {
    case .leftOut: return nil
    case .any: return try readFile(path)
    case .owners(let owners):
      let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { throw FileError(path: path) }
      let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      var information = stat()
      guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG,
        information.st_mode & 0o022 == 0, owners.contains(information.st_uid)
      else { throw Self.refusal(path) }
      return try file.readToEnd() ?? Data()
    }
  }

  /// Why a program may not run; `nil` if it may, or if there is none.
  package func problem(_ path: String) -> FileError? {
    var information = stat()
    guard case .owners(let owners) = self, lstat(path, &information) == 0 else { return nil }
    let mayRun =
      information.st_mode & S_IFMT == S_IFREG && information.st_mode & 0o022 == 0
      && owners.contains(information.st_uid)
    return mayRun ? nil : Self.refusal(path)
  }

  private static func refusal(_ path: String) -> FileError {
    let bundle = path.parentFolder.fileName
    return FileError(
      path: path,
      problem:
        "is a program that root has not allowed; if it comes from someone you trust: sudo radiologynetctl bundle approve \(bundle)",
      exitCode: .permission)
  }

  /// Makes the current user the owner of a bundle's program: a new file in its place, which no one else holds open.
  ///
  /// - Parameters:
  ///   - state: the state folder.
  ///   - digest: the program's SHA-256 in the bundle's manifest, hexadecimal.
  /// - Throws: `FileError`.
  package static func approve(_ bundle: BundleHash, state: String, digest: String) throws {
    let folder = try OpenFolder(existing: state).subfolder("bundles")
      .subfolder(bundle.description)
    let program = FileHandle(
      fileDescriptor: try folder.open(fileName, O_RDONLY), closeOnDealloc: true)
    let data = try program.readToEnd() ?? Data()
    guard SHA256Digest.hexadecimal(data) == digest else {
      throw FileError(path: folder.path + "/" + fileName, problem: "was changed", exitCode: .data)
    }
    let temporary = ".\(fileName).tmp-\(hexadecimal(randomBytes(6)))"
    let descriptor = try folder.create(temporary, mode: 0o640, owner: .process)
    defer { close(descriptor) }
    do {
      try data.withUnsafeBytes { try writeAll($0, to: descriptor, path: folder.path) }
      guard fsync(descriptor) == 0 else { throw FileError(path: folder.path) }
      try folder.rename(temporary, to: folder, fileName)
    } catch {
      try? folder.remove(temporary)
      throw error
    }
  }
}
