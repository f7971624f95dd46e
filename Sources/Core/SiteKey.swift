internal import CCrypto
import Foundation

/// The secret that turns identifiers into keys: HMAC-SHA256, cut to 128 bits, in hexadecimal. Without it no one can
/// find out which study a key stands for, or try likely identifiers one by one.
package struct SiteKey: Sendable {
  private let code: AuthenticationCode

  /// - Parameter secret: at least 32 bytes.
  package init(secret: [UInt8]) { code = AuthenticationCode(secret: secret) }

  /// Reads the key from the service's credentials (`$CREDENTIALS_DIRECTORY/site-key`), from the file that the
  /// configuration names, or from `site.key` in the state folder, and creates the latter if there is none.
  ///
  /// - Throws: `FileError` when the key is too short, can't be read or can't be created.
  package static func load(stateDirectory: String, file: String = "", create: Bool = true) throws
    -> SiteKey
  {
    let environment = ProcessInfo.processInfo.environment
    if let folder = environment["CREDENTIALS_DIRECTORY"] {
      let credential = folder + "/site-key"
      if FileManager.default.fileExists(atPath: credential) { return try read(credential) }
    }
    // If it exists but can't be read, another key must not take its place.
    if FileManager.default.fileExists(atPath: file) { return try read(file) }
    return try asOwner(of: stateDirectory) { try inState(stateDirectory, create: create) }
  }

  private static func inState(_ stateDirectory: String, create: Bool) throws -> SiteKey {
    let path = stateDirectory + "/site.key"
    if !FileManager.default.fileExists(atPath: path) {
      guard create else {
        throw FileError(
          path: path, problem: "there is no site key yet; it is made when radiologynetd starts")
      }
      if FileManager.default.fileExists(atPath: stateDirectory + "/radiologynet.sqlite") {
        throw FileError(
          path: path,
          problem:
            "the site key that the store was made with is gone: restore it from a backup; if it is lost, give an empty folder as state.directory"
        )
      }
      let text = hexadecimal(randomBytes(32))
      try makeFolder(stateDirectory)
      try writeAtomically(Data((text + "\n").utf8), to: path, mode: 0o600)
    }
    return try read(path)
  }

  private static func read(_ path: String) throws -> SiteKey {
    let data = try readFile(path)
    let trimmed = data.reversed().drop { $0 == 0x0a || $0 == 0x0d }.reversed()
    guard trimmed.count >= 32 else {
      throw FileError(
        path: path, problem: "a site key needs at least 32 bytes, this has \(trimmed.count)",
        exitCode: .configuration)
    }
    return SiteKey(secret: Array(trimmed))
  }

  /// The key of an identifier. `purpose` keeps equal identifiers of different kinds apart.
  package func key(_ identifier: String, purpose: String) -> String {
    var message = purpose + "\u{0}" + identifier
    return message.withUTF8 { hexadecimal(code.of(UnsafeRawBufferPointer($0)).prefix(16)) }
  }

  /// Distinguishes two keys and reveals nothing about either.
  package var fingerprint: String { key("site key", purpose: "fingerprint") }

  /// The key of a file's path.
  package func key(_ path: FilePath) -> String {
    (Array("path\0".utf8) + path.bytes).withUnsafeBytes { hexadecimal(code.of($0).prefix(16)) }
  }
}

/// HMAC-SHA256 with the secret already absorbed. It is only ever copied, which threads may do concurrently.
private final class AuthenticationCode: @unchecked Sendable {
  private let context: OpaquePointer

  init(secret: [UInt8]) {
    guard let context = ccrypto_hmac(secret, secret.count) else {
      preconditionFailure("libcrypto has no HMAC with SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MAC_CTX_free(context) }

  func of(_ message: UnsafeRawBufferPointer) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: 32)
    var length = 0
    let copy = EVP_MAC_CTX_dup(context)
    defer { EVP_MAC_CTX_free(copy) }
    let done = EVP_MAC_update(
      copy, message.baseAddress?.assumingMemoryBound(to: UInt8.self), message.count)
    precondition(
      done == 1 && EVP_MAC_final(copy, &code, &length, code.count) == 1, "libcrypto: HMAC")
    return code
  }
}

/// SHA-256 over pieces of data.
package struct SHA256Digest: ~Copyable {
  private let context = EVP_MD_CTX_new()

  package init() { EVP_DigestInit_ex(context, EVP_sha256(), nil) }
  deinit { EVP_MD_CTX_free(context) }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
  }

  package mutating func update(_ data: Data) { data.withUnsafeBytes { update($0) } }

  /// The digest in hexadecimal, 64 characters.
  package consuming func finish() -> String {
    var code = [UInt8](repeating: 0, count: 32)
    EVP_DigestFinal_ex(context, &code, nil)
    return Core.hexadecimal(code)
  }

  /// The digest of `data` in hexadecimal.
  package static func hexadecimal(_ data: Data) -> String {
    var digest = SHA256Digest()
    digest.update(data)
    return digest.finish()
  }

  /// The digest of a whole file in hexadecimal.
  package static func hexadecimal(file path: some FilePathConvertible) throws(FileError) -> String {
    var digest = SHA256Digest()
    try readPieces(path) { digest.update($0) }
    return digest.finish()
  }
}

/// Lower-case hexadecimal.
package func hexadecimal(_ bytes: some Collection<UInt8>) -> String {
  String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
    var place = 0
    for byte in bytes {
      for half in [byte >> 4, byte & 15] {
        text[place] = half < 10 ? UInt8(ascii: "0") + half : UInt8(ascii: "a") - 10 + half
        place += 1
      }
    }
    return place
  }
}
