import Foundation

/// Words of persons' names, found in texts in every spelling and case: Müller, Mueller and Mullers are the same.
package struct PersonNames: Sendable {
  private var keys: Set<String> = []
  /// Bases of inflected forms, and their first bytes, which rule out most words.
  private var bases: Set<String> = []
  private var beginnings: Set<UInt16> = []
  private let forms: NameForms
  /// Keys of names of two letters, which are words in many languages.
  private var short: Set<String> = []
  /// Names in scripts that put no blanks between words, the longest first.
  private let fragments: [String]
  private let fragmentSet: Set<String>

  /// - Parameter words: in lower case, as `NameWords` gives them.
  package init(_ words: some Sequence<String>) {
    let words = Set(words)
    let unspaced = words.filter {
      $0.count >= 2 && $0.unicodeScalars.allSatisfy(NameSpelling.isUnspaced)
    }
    // Each of the two syllabaries of Japanese may stand for the other.
    fragmentSet = unspaced.union(
      unspaced.flatMap { word in
        [false, true].compactMap { word.applyingTransform(.hiraganaToKatakana, reverse: $0) }
      })
    fragments = fragmentSet.sorted { ($1.count, $0) < ($0.count, $1) }
    forms = NameForms(
      words.lazy.filter { !unspaced.contains($0) }.flatMap(NameSpelling.keys))
    for word in words where !unspaced.contains(word) {
      let spellings = NameSpelling.keys(word)
      guard word.count > 2 else {
        short.formUnion(spellings)
        continue
      }
      for key in spellings {
        keys.insert(key)
        note(key)
        for base in NameEndings.bases(key) {
          bases.insert(base)
          note(base)
        }
        if let bare = Self.withoutParticle(key) {
          keys.insert(bare)
          note(bare)
        }
      }
    }
  }

  /// Whether a lower-case word is one of the names, or a form of one; names of two letters are ignored.
  package func contains(_ word: String) -> Bool {
    NameSpelling.keys(word).contains(where: isForm)
  }

  private func isForm(_ key: String) -> Bool {
    holds(key) || Self.withoutParticle(key).map(holds) == true
  }

  /// Whether a lower-case word of a report is one of its study's names, or may be a form of one, in any language.
  package func mayBeForm(_ word: String) -> Bool {
    NameSpelling.keys(word).contains { isForm($0) || forms.contains($0) }
  }

  /// Whether a lower-case word must stay out of models because it is or contains one of the names.
  package func refuses(_ word: String) -> Bool {
    contains(word) || !short.isDisjoint(with: NameSpelling.keys(word))
      || !fragments.isEmpty && holdsFragment(word)
  }

  /// Whether a word, in its original capitalization, is one of the names: Li, WU, or the second half of DeKanarek.
  package func containsWritten(_ word: Substring) -> Bool {
    guard Self.mayBeWritten(word) else { return false }
    if word.count == 2 {
      return !short.isEmpty && !short.isDisjoint(with: NameSpelling.keys(word.lowercased()))
    }
    return Self.parts(word).contains { $0.count > 2 && contains($0.lowercased()) }
  }

  /// Whether a word is capitalized like the names that `containsWritten` finds.
  package static func mayBeWritten(_ word: Substring) -> Bool {
    word.first?.isUppercase == true && (word.count == 2 || parts(word).count > 1)
  }

  /// DeKanarek becomes De and Kanarek.
  private static func parts(_ word: Substring) -> [String] {
    var parts: [String] = []
    var wasSmall = false
    for character in word {
      if parts.isEmpty || wasSmall && character.isUppercase { parts.append("") }
      parts[parts.count - 1].append(character)
      wasSmall = character.isLowercase
    }
    return parts
  }

  /// The common key of all spellings of a lower-case word.
  package static func spelling(_ word: String) -> String { NameSpelling.key(word) }

  /// A text without names in scripts that put no blanks between words.
  package func removed(from text: String) -> String {
    fragments.reduce(text) { $0.replacing($1, with: " ") }
  }

  private mutating func note(_ key: String) {
    if let beginning = Self.beginning(key) { beginnings.insert(beginning) }
  }

  private func holds(_ key: String) -> Bool {
    guard let beginning = Self.beginning(key), beginnings.contains(beginning) else { return false }
    if keys.contains(key) { return true }
    var end = key.endIndex
    for _ in 0...NameEndings.longest {
      let base = key[..<end]
      let length = base.utf8.count
      guard length >= 2 else { return false }
      if NameEndings.isEnding(key[end...], of: length), bases.contains(String(base)) { return true }
      end = key.index(before: end)
    }
    return false
  }

  private func holdsFragment(_ word: String) -> Bool {
    let characters = Array(word)
    guard let longest = fragments.first?.count, characters.count >= 2 else { return false }
    return characters.indices.contains { start in
      (2...max(2, longest)).contains { length in
        start + length <= characters.count
          && fragmentSet.contains(String(characters[start..<start + length]))
      }
    }
  }

  private static func withoutParticle(_ key: String) -> String? {
    for particle in NameWords.particles
    where key.hasPrefix(particle) && key.utf8.count >= particle.utf8.count + 4 {
      return String(key.dropFirst(particle.count))
    }
    return nil
  }

  private static func beginning(_ key: String) -> UInt16? {
    var bytes = key.utf8.makeIterator()
    guard let first = bytes.next(), let second = bytes.next() else { return nil }
    return UInt16(first) << 8 | UInt16(second)
  }
}
