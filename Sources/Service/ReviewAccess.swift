import Core
import Foundation
import Glibc
import Synchronization

/// Access to the live pages and to cluster reviews for anyone who has the token. A browser that has presented it gets a
/// cookie derived from it, valid for some hours and as long as the token stays the same. Forms carry another value, so
/// that no other site can post them.
final class ReviewAccess: Sendable {
  private let path: String
  private let current: Mutex<(stamp: FileStamp?, token: String, key: SiteKey)>

  static let tokenName = "review.token"
  /// How long a cookie is valid, seconds.
  static let lifetime = 12 * 3_600

  /// Reads the token, or creates one if there is none.
  ///
  /// - Throws: `FileError`.
  init(stateDirectory: String) throws {
    path = stateDirectory + "/" + Self.tokenName
    current = Mutex((nil, "", SiteKey(secret: [])))
    _ = try secret()
  }

  /// The current token. A new one invalidates all cookies.
  private func secret() throws -> (token: String, key: SiteKey) {
    try current.withLock { current in
      if current.stamp == nil || FileStamp(path: path.filePath) != current.stamp {
        current = try Self.read(path)
      }
      return (current.token, current.key)
    }
  }

  private static func read(_ path: String) throws -> (FileStamp?, String, SiteKey) {
    if !FileManager.default.fileExists(atPath: path) {
      try writeAtomically(Data((hexadecimal(randomBytes(32)) + "\n").utf8), to: path)
    }
    let stamp = FileStamp(path: path.filePath)
    let token = String(decoding: try readFile(path, atMost: 4_096), as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    guard token.count >= 32 else {
      throw FileError(
        path: path, problem: "a token needs at least 32 characters; remove the file for a new one")
    }
    return (stamp, token, SiteKey(secret: Array(token.utf8)))
  }

  /// The value that a form must carry.
  func formKey() throws -> String { try secret().key.key("form", purpose: "review") }

  /// A session's cookie; `nil` for a wrong token.
  func cookie(for given: String, now: Date = Date()) throws -> String? {
    let (token, key) = try secret()
    guard Self.equal(given.trimmingCharacters(in: .whitespaces), token) else { return nil }
    let end = hexadecimal(
      withUnsafeBytes(of: UInt64(now.timeIntervalSince1970 + Double(Self.lifetime)).bigEndian) {
        Array($0)
      })
    return
      "radiologynet=\(end)\(Self.seal(end, key)); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(Self.lifetime)"
  }

  /// A cookie's signature, made with the token.
  private static func seal(_ end: String, _ key: SiteKey) -> String {
    key.key("session until " + end, purpose: "review")
  }

  func isKnown(_ cookie: String?, now: Date = Date()) throws -> Bool {
    let key = try secret().key
    return (cookie ?? "").split(separator: ";").contains { part in
      let pair = part.trimmingCharacters(in: .whitespaces)
      guard pair.hasPrefix("radiologynet=") else { return false }
      let value = pair.dropFirst("radiologynet=".count)
      let end = String(value.prefix(16))
      guard let time = UInt64(end, radix: 16), Double(time) > now.timeIntervalSince1970 else {
        return false
      }
      return Self.equal(String(value.dropFirst(16)), Self.seal(end, key))
    }
  }

  func isForm(_ given: String?) throws -> Bool { Self.equal(given ?? "", try formKey()) }

  /// Compares in constant time for texts of the same length.
  private static func equal(_ a: String, _ b: String) -> Bool {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
