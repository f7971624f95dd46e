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

  /// - Parameter names: lower-case name parts that must not become terms.
  func stems(_ text: String, without names: Set<String>) -> [String] {
    let normalized: String = text.lowercased().precomposedStringWithCanonicalMapping
    let words: [Substring] = normalized.split(whereSeparator: { !$0.isLetter })
    return words.compactMap { word in
      let word = String(word)
      guard (2...40).contains(word.count), !stopWords.contains(word), !names.contains(word) else {
        return nil
      }
      return stemmer.stem(word)
    }
  }
}

/// A model can't be trained or loaded.
public struct FeatureError: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
