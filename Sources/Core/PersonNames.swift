import Foundation

/// Words of persons' names, looked for in texts in every spelling (Müller, Mueller and Muller are one), script (Иванов,
/// Ivanov) and case (Horvat, Horvata).
public struct PersonNames: Sendable {
  private let keys: Set<String>
  /// What the cases of a language are put behind: names, and names without their last vowel.
  private let roots: Set<String>
  /// How roots begin, so that nearly all words are told apart by one look.
  private let beginnings: Set<Substring>
  /// Names in scripts that put no blanks between words.
  private let fragments: [String]

  public init(_ words: some Sequence<String>) {
    let words = Set(words)
    let written = Set(words.map(Self.key))
    keys = written.union(written.compactMap { Self.withoutParticle($0, Self.joinedParticles) })
    roots = Set(keys.flatMap(Self.roots))
    beginnings = Set(roots.map { $0.prefix(Self.shortestRoot) })
    fragments = words.filter { $0.count >= 2 && $0.unicodeScalars.allSatisfy(Self.isUnspaced) }
      .sorted { ($1.count, $0) < ($0.count, $1) }
  }

  /// Whether a lower-case word is one of them, also in another case (Horvata), or with a particle (McCanary).
  public func contains(_ word: String) -> Bool {
    let key = Self.key(word)
    if keys.contains(key) { return true }
    if beginnings.contains(key.prefix(Self.shortestRoot)) {
      for length in 1...Self.longestEnding where key.count >= Self.shortestRoot + length {
        if Self.endings.contains(key.suffix(length))
          && roots.contains(String(key.dropLast(length)))
        {
          return true
        }
      }
    }
    return Self.withoutParticle(key, Self.joinedParticles + Self.particles).map(keys.contains)
      ?? false
  }

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

  // Shorter ones begin too many other words.
  private static let shortestRoot = 4
  private static let longestEnding = 4

  /// What names end in when a sentence inflects them: Slavic cases and possessives, German and English genitives.
  private static let endings: Set<Substring> = [
    "a", "e", "i", "o", "u", "y", "s", "es", "n", "en", "ja", "je", "ju", "jem", "jom", "om", "em",
    "im", "ih", "ima", "ama", "ami", "ach", "ov", "ova", "ove", "ovo", "ovi", "ovu", "ovom", "ovoj",
    "ovog", "ovih", "ovim", "ev", "eva", "eve", "evo", "evi", "evu", "evom", "evoj", "evog", "in",
    "ina", "ine", "ino", "ini", "inu", "inom", "inoj", "inog", "owi", "ego", "emu", "ej", "ym",
  ]

  /// A name, the name without its last vowel (Ivana, Ivane), and without a vowel that other cases lack (Petar, Petra).
  private static func roots(_ key: String) -> [String] {
    var roots = [key]
    if let last = key.last, "aeioy".contains(last) { roots.append(String(key.dropLast())) }
    if let last = key.last, "aeo".contains(key.dropLast().last ?? last), !"aeiouy".contains(last) {
      roots.append(key.dropLast(2) + String(last))
    }
    return roots.filter { $0.count >= shortestRoot }
  }

  /// Written as one word with what follows by some, as two by others.
  private static let joinedParticles = ["mc", "mac", "vander", "vanden", "vonder", "dela", "fitz"]
  private static let particles = ["van", "von", "de", "di", "da", "al", "el", "o"]

  /// What follows the longest particle that a word begins with.
  private static func withoutParticle(_ key: String, _ particles: [String]) -> String? {
    particles.filter { key.hasPrefix($0) && key.count >= $0.count + shortestRoot }
      .max { $0.count < $1.count }.map { String(key.dropFirst($0.count)) }
  }

  /// Letters that Unicode doesn't take apart.
  private static let letters: [Unicode.Scalar: String] = [
    "ß": "ss", "ø": "o", "æ": "a", "œ": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i",
    "ħ": "h",
    // As passports write Cyrillic.
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "ђ": "d", "е": "e", "є": "ie",
    "ж": "zh", "з": "z", "и": "i", "і": "i", "ј": "j", "к": "k", "л": "l", "љ": "lj", "м": "m",
    "н": "n", "њ": "nj", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "ћ": "c", "у": "u",
    "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "џ": "dz", "ш": "sh", "щ": "shch", "ъ": "",
    "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
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
