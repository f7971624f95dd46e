import Core
import Foundation
import Glibc
import Synchronization

/// Access to the live pages and to cluster reviews for anyone who has a token: the one in `review.token`, which has no
/// name, or a reviewer's own. A browser that has presented it gets a cookie, valid for some hours and as long as the
/// token stays the same. Forms carry another value, so that no other site can post them.
final class ReviewAccess: Sendable {
  private let stateDirectory: String
  private let current: Mutex<Secret>

  private struct Secret {
    var stamps: [FileStamp?]
    /// Of the token without a name; signs cookies.
    var key: SiteKey
    /// By hash of the token; `nil` for the one without a name.
    var reviewers: [String: String?]
  }

  static let tokenName = "review.token"
  /// How long a cookie is valid, seconds.
  static let lifetime = 12 * 3_600
  private static let cookieName = "radiologynet="

  /// Someone who has presented a token.
  struct Session: Equatable {
    /// The cookie's value.
    let id: String
    let reviewer: String?
  }

  /// Reads the tokens, or creates the one without a name if there is none.
  ///
  /// - Throws: `FileError`.
  init(stateDirectory: String) throws {
    self.stateDirectory = stateDirectory
    current = Mutex(try Self.read(stateDirectory))
  }

  /// The current tokens. A new one invalidates the cookies of its predecessor.
  private func secret() throws -> Secret {
    try current.withLock { current in
      let stamps = Self.stamps(stateDirectory)
      if stamps[0] == nil || stamps != current.stamps { current = try Self.read(stateDirectory) }
      return current
    }
  }

  private static func stamps(_ stateDirectory: String) -> [FileStamp?] {
    [stateDirectory + "/" + tokenName, Reviewers.path(stateDirectory)].map {
      FileStamp(path: $0.filePath)
    }
  }

  private static func read(_ stateDirectory: String) throws -> Secret {
    let path = stateDirectory + "/" + tokenName
    if !FileManager.default.fileExists(atPath: path) {
      try writeAtomically(Data((hexadecimal(randomBytes(32)) + "\n").utf8), to: path)
    }
    let stamps = stamps(stateDirectory)
    let token = String(decoding: try readFile(path, atMost: 4_096), as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    guard token.count >= 32 else {
      throw FileError(
        path: path, problem: "a token needs at least 32 characters; remove the file for a new one")
    }
    var reviewers: [String: String?] = try Reviewers(stateDirectory: stateDirectory).byHash
      .mapValues { $0 }
    reviewers[Reviewers.hash(token)] = .some(nil)
    return Secret(stamps: stamps, key: SiteKey(secret: Array(token.utf8)), reviewers: reviewers)
  }

  /// The value that a form must carry.
  func formKey() throws -> String { try secret().key.key("form", purpose: "review") }

  /// A session's cookie; `nil` for a wrong token.
  func cookie(for given: String, now: Date = Date()) throws -> String? {
    let secret = try secret()
    // A hash tells nothing about tokens by the time that its look-up takes.
    let hash = Reviewers.hash(given.trimmingCharacters(in: .whitespaces))
    guard secret.reviewers[hash] != nil else { return nil }
    let end = hexadecimal(
      withUnsafeBytes(of: UInt64(now.timeIntervalSince1970 + Double(Self.lifetime)).bigEndian) {
        Array($0)
      })
    let value = end + hash.prefix(16) + Self.seal(end, hash, secret.key)
    return
      "\(Self.cookieName)\(value); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(Self.lifetime)"
  }

  /// A cookie's signature, made with the token without a name.
  private static func seal(_ end: String, _ hash: String, _ key: SiteKey) -> String {
    key.key("session of \(hash) until \(end)", purpose: "review")
  }

  /// - Returns: `nil` without a valid cookie.
  func session(_ cookie: String?, now: Date = Date()) throws -> Session? {
    let secret = try secret()
    for part in (cookie ?? "").split(separator: ";") {
      let pair = part.trimmingCharacters(in: .whitespaces)
      guard pair.hasPrefix(Self.cookieName) else { continue }
      let value = String(pair.dropFirst(Self.cookieName.count))
      let end = String(value.prefix(16))
      guard let time = UInt64(end, radix: 16), Double(time) > now.timeIntervalSince1970,
        let (hash, reviewer) = secret.reviewers.first(where: {
          $0.key.prefix(16) == value.dropFirst(16).prefix(16)
        }), Self.equal(String(value.dropFirst(32)), Self.seal(end, hash, secret.key))
      else { continue }
      return Session(id: value, reviewer: reviewer)
    }
    return nil
  }

  func isForm(_ given: String?) throws -> Bool { Self.equal(given ?? "", try formKey()) }

  /// Compares in constant time for texts of the same length.
  private static func equal(_ a: String, _ b: String) -> Bool {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
