import Foundation

/// Words of persons' names, looked for in texts in every spelling: Müller, Mueller and Muller are one.
public struct PersonNames: Sendable {
  private let keys: Set<String>
  /// Names in scripts that put no blanks between words.
  private let fragments: [String]

  public init(_ words: some Sequence<String>) {
    let words = Set(words)
    keys = Set(words.map(Self.key))
    fragments = words.filter { $0.count >= 2 && $0.unicodeScalars.allSatisfy(Self.isUnspaced) }
      .sorted { ($1.count, $0) < ($0.count, $1) }
  }

  /// Whether a lower-case word is one of them.
  public func contains(_ word: String) -> Bool { keys.contains(Self.key(word)) }

  /// A text without the names that no blanks set apart.
  public func removed(from text: String) -> String {
    fragments.reduce(text) { $1.isEmpty ? $0 : $0.replacing($1, with: " ") }
  }

  /// What all spellings of a lower-case word have in common.
  static func key(_ word: String) -> String {
    var previous: UInt8 = 0
    let isPlain = word.utf8.allSatisfy { byte in
      defer { previous = byte }
      return byte < 0x80
        && !(byte == UInt8(ascii: "e") && "aou".utf8.contains(previous))
        && !(byte == UInt8(ascii: "j") && previous == UInt8(ascii: "d"))
        && !(byte == UInt8(ascii: "a") && previous == UInt8(ascii: "a"))
    }
    if isPlain { return word }
    var plain = ""
    for scalar in word.decomposedStringWithCompatibilityMapping.unicodeScalars
    where scalar.properties.canonicalCombiningClass == .notReordered {
      plain += letters[scalar] ?? String(scalar)
    }
    for (written, letter) in [("ae", "a"), ("oe", "o"), ("ue", "u"), ("dj", "d"), ("aa", "a")] {
      plain = plain.replacing(written, with: letter)
    }
    return plain
  }

  /// Letters that Unicode doesn't take apart.
  private static let letters: [Unicode.Scalar: String] = [
    "ß": "ss", "ø": "o", "æ": "a", "œ": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i",
    "ħ": "h",
  ]

  /// Han, Kana and Hangul.
  private static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x11ff, 0x3005...0x3007, 0x3040...0x30ff, 0x3400...0x4dbf, 0x4e00...0x9fff,
      0xac00...0xd7af, 0xf900...0xfaff, 0xff66...0xff9f, 0x2_0000...0x3_ffff:
      true
    default: false
    }
  }
}
