import Core
import Foundation

/// Turns a narrative diagnosis into stems: lower case, letters only, no stop words, nothing that identifies.
struct Tokenizer {
  private let stemmer: Stemmer
  private let stopWords: Set<String>
  private let scrubber: ReportScrubber

  /// - Parameter signatures: what begins a signature at this site.
  /// - Throws: `FeatureError` for a language that libstemmer doesn't support.
  init(language: String, signatures: [String] = []) throws(FeatureError) {
    guard let stemmer = Stemmer(language: language) else {
      throw FeatureError(
        "unknown language \"\(language)\"; known are none, "
          + Stemmer.languages.joined(separator: ", "))
    }
    self.stemmer = stemmer
    stopWords = StopWords.words(language)
    scrubber = ReportScrubber(signatures: signatures)
  }

  /// The words of a report that may become terms, in lower case.
  ///
  /// - Parameter names: the names in its study.
  func words(_ text: String, without names: PersonNames) -> [String] {
    let text = Self.composed(text)
    return Self.words(names.removed(from: scrubber.scrubbed(text, names))).filter {
      !names.mayBeForm($0) && !Self.mixesAlphabets($0)
    }
  }

  /// The text without letters that look like others (𝐀, ﬁ) and invisible characters, which could split a name.
  private static func composed(_ text: String) -> String {
    guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
    var seen = String.UnicodeScalarView()
    for scalar in text.precomposedStringWithCompatibilityMapping.unicodeScalars
    where !scalar.properties.isDefaultIgnorableCodePoint { seen.append(scalar) }
    return String(seen)
  }

  /// Whether a word mixes Latin with Cyrillic or Greek letters: no language does, and it could hide a name.
  private static func mixesAlphabets(_ word: String) -> Bool {
    guard !word.utf8.allSatisfy({ $0 < 0x80 }) else { return false }
    let (latin, other) = word.unicodeScalars.reduce(into: (false, false)) { found, scalar in
      if scalar.value < 0x250 { found.0 = true }
      if (0x370..<0x530).contains(scalar.value) { found.1 = true }
    }
    return latin && other
  }

  /// The stem of a lower-case word; `nil` for a stop word and for words not of 2 to 40 characters.
  func stem(_ word: String) -> String? {
    guard (2...40).contains(word.count), !stopWords.contains(word) else { return nil }
    return stemmer.stem(word)
  }

  /// Runs of letters in lower case, composed (Unicode NFC).
  static func words(_ text: String) -> [String] {
    let lower = text.lowercased()
    // ASCII is already composed, and Foundation is slow.
    let isASCII = lower.utf8.allSatisfy { $0 < 0x80 }
    return (isASCII ? lower : lower.precomposedStringWithCanonicalMapping).letterRuns
  }
}
