import Foundation

/// The common key of a name's spellings, in any alphabet.
enum NameSpelling {
  /// The key of a lower-case word, and those of its transliterations where it is not in Latin letters.
  static func keys(_ word: String) -> [String] {
    let plain = key(word)
    guard let first = plain.unicodeScalars.first, first.value >= 0x370, !isUnspaced(first) else {
      return [plain]
    }
    guard first.value < 0x530 else {
      let latin = word.applyingTransform(.toLatin, reverse: false)?.lowercased()
      return [plain] + (latin.map { [key($0)] } ?? [])
    }
    let composed = word.precomposedStringWithCanonicalMapping.unicodeScalars
    var all = [plain]
    for isScholarly in [true, false] {
      let latin = composed.map { scalar in
        let base = key(String(scalar)).unicodeScalars.first ?? scalar
        guard let pair = transliterations[scalar] ?? transliterations[base] else {
          return String(scalar)
        }
        return isScholarly ? pair.0 : pair.1
      }.joined()
      let spelling = key(latin)
      if !all.contains(spelling) { all.append(spelling) }
    }
    return all
  }

  /// A lower-case word without diacritics, with one spelling for Müller, Mueller and Muller.
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

  /// Han, Kana and Hangul, which put no blanks between words.
  static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x11ff, 0x3005...0x3007, 0x3040...0x30ff, 0x3400...0x4dbf, 0x4e00...0x9fff,
      0xac00...0xd7af, 0xf900...0xfaff, 0xff66...0xff9f, 0x2_0000...0x3_ffff:
      true
    default: false
    }
  }

  /// Letters that Unicode doesn't decompose.
  private static let letters: [Unicode.Scalar: String] = [
    "ß": "ss", "ø": "o", "æ": "a", "œ": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i",
    "ħ": "h", "ς": "σ",
  ]

  /// Cyrillic and Greek in scholarly and in passport transliteration.
  private static let transliterations: [Unicode.Scalar: (String, String)] = [
    "а": ("a", "a"), "б": ("b", "b"), "в": ("v", "v"), "г": ("g", "g"), "ґ": ("g", "g"),
    "д": ("d", "d"), "ђ": ("d", "dj"), "е": ("e", "e"), "ё": ("e", "yo"), "є": ("je", "ye"),
    "ж": ("z", "zh"),
    "з": ("z", "z"), "и": ("i", "i"), "й": ("j", "y"), "і": ("i", "i"), "ј": ("j", "j"),
    "к": ("k", "k"),
    "л": ("l", "l"), "љ": ("lj", "lj"), "м": ("m", "m"), "н": ("n", "n"), "њ": ("nj", "nj"),
    "о": ("o", "o"), "п": ("p", "p"), "р": ("r", "r"), "с": ("s", "s"), "т": ("t", "t"),
    "ћ": ("c", "c"), "у": ("u", "u"), "ф": ("f", "f"), "х": ("h", "kh"), "ц": ("c", "ts"),
    "ч": ("c", "ch"), "џ": ("dz", "dzh"), "ш": ("s", "sh"), "щ": ("sc", "shch"), "ъ": ("", ""),
    "ы": ("y", "y"), "ь": ("", ""), "э": ("e", "e"), "ю": ("ju", "yu"), "я": ("ja", "ya"),
    "α": ("a", "a"), "β": ("v", "b"), "γ": ("g", "g"), "δ": ("d", "d"), "ε": ("e", "e"),
    "ζ": ("z", "z"), "η": ("i", "e"), "θ": ("th", "th"), "ι": ("i", "i"), "κ": ("k", "c"),
    "λ": ("l", "l"), "μ": ("m", "m"), "ν": ("n", "n"), "ξ": ("x", "x"), "ο": ("o", "o"),
    "π": ("p", "p"), "ρ": ("r", "r"), "σ": ("s", "s"), "τ": ("t", "t"), "υ": ("y", "u"),
    "φ": ("f", "ph"), "χ": ("ch", "h"), "ψ": ("ps", "ps"), "ω": ("o", "o"),
  ]
}
