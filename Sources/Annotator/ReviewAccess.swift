import Core
import Foundation
import Glibc

/// Who may look at the live pages and say what clusters are worth: whoever knows the token. A browser that has shown it
/// keeps a cookie made of it; forms carry another value, so that no other site can post them.
struct ReviewAccess: Sendable {
  private let key: SiteKey
  private let token: String
  private let address: ListenAddress

  static let tokenName = "review.token"

  /// Reads the token, making it where there is none.
  ///
  /// - Throws: `FileError`.
  init(stateDirectory: String, address: ListenAddress) throws {
    let path = stateDirectory + "/" + Self.tokenName
    if !FileManager.default.fileExists(atPath: path) {
      let secret = (0..<32).map { _ in UInt8.random(in: 0...255) }
      try writeAtomically(Data((hexadecimal(secret) + "\n").utf8), to: path)
    }
    token = String(decoding: try readFile(path, atMost: 4_096), as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    guard token.count >= 32 else {
      throw FileError(
        path: path, problem: "a token needs 32 characters at least; remove the file for a new one")
    }
    key = SiteKey(secret: Array(token.utf8))
    self.address = address
  }

  /// What a form has to carry.
  var formKey: String { key.key("form", purpose: "review") }

  /// A session's cookie; `nil` for a wrong token.
  func cookie(for given: String) -> String? {
    guard Self.equal(given.trimmingCharacters(in: .whitespaces), token) else { return nil }
    return "radiologynet=\(session); Path=/; HttpOnly; SameSite=Strict"
  }

  private var session: String { key.key("session", purpose: "review") }

  func isKnown(_ cookie: String?) -> Bool {
    (cookie ?? "").split(separator: ";").contains { part in
      let pair = part.trimmingCharacters(in: .whitespaces)
      return pair.hasPrefix("radiologynet=")
        && Self.equal(String(pair.dropFirst("radiologynet=".count)), session)
    }
  }

  func isForm(_ given: String?) -> Bool { Self.equal(given ?? "", formKey) }

  /// Whether the request was meant for this server: a page of another name that resolves to the loopback interface
  /// is not let in.
  func isAddressed(host: String?, origin: String?) -> Bool {
    guard case .port(_, let port) = address else { return true }
    let names = ["127.0.0.1:\(port)", "localhost:\(port)", "[::1]:\(port)"]
    guard let host, names.contains(host) else { return false }
    return origin == nil || origin == "http://" + host
  }

  /// Takes as long for any two texts of the same length.
  private static func equal(_ a: String, _ b: String) -> Bool {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
