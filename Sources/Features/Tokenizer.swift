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
    text.lowercased().precomposedStringWithCanonicalMapping
      .split { !$0.isLetter }
      .filter { $0.count >= 2 && $0.count <= 40 }
      .map(String.init)
      .filter { !stopWords.contains($0) && !names.contains($0) }
      .map { stemmer.stem($0) }
  }
}

/// A model can't be trained or loaded.
public struct FeatureError: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
