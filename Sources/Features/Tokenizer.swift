import Core
import Foundation

/// From a narrative diagnosis to stems: lower case, letters only, no stop words, no names.
struct Tokenizer {
  private let stemmer: Stemmer
  private let stopWords: Set<String>

  /// - Throws: `FeatureError` for a language that libstemmer doesn't know.
  init(language: String) throws(FeatureError) {
    guard let stemmer = Stemmer(language: language) else {
      throw FeatureError(
        "unknown language \"\(language)\"; known are none, "
          + Stemmer.languages.joined(separator: ", "))
    }
    self.stemmer = stemmer
    stopWords = StopWords.words(language)
  }

  /// - Parameter names: words that must not become terms.
  func stems(_ text: String, without names: PersonNames) -> [String] {
    Self.words(names.removed(from: text)).compactMap { names.contains($0) ? nil : stem($0) }
  }

  /// The stem of a lower-case word; `nil` for a stop word and for what is too short or too long to be one.
  func stem(_ word: String) -> String? {
    guard (2...40).contains(word.count), !stopWords.contains(word) else { return nil }
    return stemmer.stem(word)
  }

  /// Runs of letters in lower case, composed (Unicode NFC).
  static func words(_ text: String) -> [String] {
    // ASCII is what it is, and Foundation takes its time.
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
      return text.lowercased().precomposedStringWithCanonicalMapping
        .split(whereSeparator: { !$0.isLetter }).map(String.init)
    }
    let letters = text.utf8.map { $0 | 0x20 }
    return letters.split { !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }.map {
      String(decoding: $0, as: UTF8.self)
    }
  }
}

/// A model can't be trained or loaded.
public struct FeatureError: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
