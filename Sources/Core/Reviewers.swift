import Foundation

/// The people who may review in a browser, each with a token of their own. The file in the state folder holds only the
/// tokens' hashes, one person a line.
package struct Reviewers: Sendable, Equatable {
  package static let fileName = "review.tokens"

  private let path: String
  /// SHA-256 of the token by name.
  private var hashes: [String: String] = [:]

  /// Reads the file; without one there is no one.
  ///
  /// - Throws: `FileError`.
  package init(stateDirectory: String) throws {
    path = Self.path(stateDirectory)
    guard FileManager.default.fileExists(atPath: path) else { return }
    let text = String(decoding: try readFile(path, atMost: 1 << 20), as: UTF8.self)
    for (number, line) in text.split(separator: "\n").enumerated() {
      let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
      guard parts.count == 2, parts[0].wholeMatch(of: /[0-9a-f]{64}/) != nil else {
        throw FileError(
          path: path,
          problem:
            "line \(number + 1) is not a hash and a name; radiologynetctl reviewers writes it")
      }
      hashes[parts[1]] = parts[0]
    }
  }

  package static func path(_ stateDirectory: String) -> String {
    stateDirectory + "/" + fileName
  }

  package var names: [String] { hashes.keys.sorted() }

  /// The person of each token's hash.
  package var byHash: [String: String] {
    Dictionary(uniqueKeysWithValues: hashes.map { ($1, $0) })
  }

  package static func hash(_ token: String) -> String {
    SHA256Digest.hexadecimal(Data(token.utf8))
  }

  /// Adds a person, or gives a known one a new token.
  ///
  /// - Returns: the token, which is kept nowhere; `nil` for an invalid name.
  package mutating func add(_ name: String) -> String? {
    guard let name = Remark(reviewer: name, comment: nil)?.reviewer else { return nil }
    let token = hexadecimal(randomBytes(32))
    hashes[name] = Self.hash(token)
    return token
  }

  /// - Returns: false if there is no such person.
  package mutating func remove(_ name: String) -> Bool { hashes.removeValue(forKey: name) != nil }

  /// - Throws: `FileError`.
  package func save() throws {
    let lines = names.map { "\(hashes[$0] ?? "") \($0)\n" }.joined()
    try writeAtomically(Data(lines.utf8), to: path)
  }
}
