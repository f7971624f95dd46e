/// Whether a word may be an inflected form of a name, in any language: Virtasella of Virtanen, Gołębia of Gołąb,
/// Kazlauskienė of Kazlauskas, לכהן of כהן. It matches more words than endings do, so it is only used for the words of
/// a report and the names of its own study, where a false match costs nothing.
struct NameForms: Sendable {
  /// Names' keys with all vowels replaced by one sign.
  private let names: [[Unicode.Scalar]]
  /// Names in scripts that join other words to them.
  private let roots: [String]

  private static let (shortest, longestEnding, mostReplaced) = (4, 6, 3)

  /// - Parameter keys: as `NameSpelling` gives them.
  init(_ keys: some Sequence<String>) {
    let keys = keys.filter { $0.unicodeScalars.count >= 3 }
    names = keys.map(Self.skeleton).filter { $0.count >= Self.shortest }
    roots = keys.filter(Self.isJoining)
  }

  /// - Parameter key: of the word.
  func contains(_ key: String) -> Bool {
    if roots.contains(where: { key.contains($0) }) { return true }
    let word = Self.skeleton(key)
    return names.contains { name in
      var shared = 0
      while shared < min(name.count, word.count), name[shared] == word[shared] { shared += 1 }
      return shared >= max(Self.shortest, name.count - Self.mostReplaced)
        && word.count <= shared + Self.longestEnding
    }
  }

  private static func skeleton(_ key: String) -> [Unicode.Scalar] {
    key.unicodeScalars.map { vowels.contains($0) ? "a" : $0 }
  }

  private static let vowels = Set("aeiouyаеиоуыэюяіїєαειουωη".unicodeScalars)

  /// Hebrew and Arabic, which write and, the, to and from as part of the next word.
  private static func isJoining(_ key: String) -> Bool {
    key.unicodeScalars.allSatisfy { (0x590...0x77f).contains($0.value) }
  }
}
