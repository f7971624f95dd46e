import Foundation
import Glibc

/// Whose programs run inside the service. A bundle may hold one, an image encoder in TorchScript; the state folder that
/// bundles lie in belongs to the service's user, so that it takes more than a file in it: the program's file belongs to
/// root, or to the owner of the configuration where the daemon is run by hand, and nobody else may write it.
package enum ProgramConsent: Sendable {
  /// Programs are not even loaded: for commands that need none of it.
  case leftOut
  /// Whatever was given by name: for commands whose user just did so.
  case any
  /// Programs of these users.
  case owners(Set<uid_t>)

  /// Root's and one's own.
  package static var own: ProgramConsent { .owners([0, geteuid()]) }

  /// Root's, and those of the owner of a configuration that nobody else may write.
  package init(configuration path: String) {
    var information = stat()
    let isKept = stat(path, &information) == 0 && information.st_mode & 0o022 == 0
    self = .owners(isKept ? [0, information.st_uid] : [0])
  }

  /// What a program is called in a bundle.
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

  /// Why a program may not run; `nil` where it may, or where there is none.
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
        "is a program that root has not allowed; if it comes from somebody you trust: sudo radiologynetctl bundle approve \(bundle)"
    )
  }

  /// Makes the program of a bundle one's own: a fresh file in its place, which nobody else holds open.
  ///
  /// - Parameters:
  ///   - state: the state folder.
  ///   - digest: what the bundle's manifest says of the program, SHA-256.
  /// - Throws: `FileError`.
  package static func approve(_ bundle: BundleHash, state: String, digest: String) throws {
    let folder = try OpenFolder(existing: state).subfolder("bundles")
      .subfolder(bundle.description)
    let program = FileHandle(
      fileDescriptor: try folder.open(fileName, O_RDONLY), closeOnDealloc: true)
    let data = try program.readToEnd() ?? Data()
    guard SHA256Digest.hexadecimal(data) == digest else {
      throw FileError(path: folder.path + "/" + fileName, problem: "was changed")
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
