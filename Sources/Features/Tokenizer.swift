import Core
import Foundation

/// From a narrative diagnosis to stems: lower case, letters only, no stop words, nothing that identifies.
struct Tokenizer {
  private let stemmer: Stemmer
  private let stopWords: Set<String>
  private let scrubber: ReportScrubber

  /// - Parameter signatures: what begins a signature at this site.
  /// - Throws: `FeatureError` for a language that libstemmer doesn't know.
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
  /// - Parameter names: those of its study.
  func words(_ text: String, without names: PersonNames) -> [String] {
    Self.words(names.removed(from: scrubber.scrubbed(text, names))).filter { !names.contains($0) }
  }

  /// The stem of a lower-case word; `nil` for a stop word and for what is too short or too long to be one.
  func stem(_ word: String) -> String? {
    guard (2...40).contains(word.count), !stopWords.contains(word) else { return nil }
    return stemmer.stem(word)
  }

  /// Runs of letters in lower case, composed (Unicode NFC).
  static func words(_ text: String) -> [String] {
    let lower = text.lowercased()
    // ASCII is composed already, and Foundation takes its time.
    let isASCII = lower.utf8.allSatisfy { $0 < 0x80 }
    return (isASCII ? lower : lower.precomposedStringWithCanonicalMapping).letterRuns
  }
}

/// A model can't be trained or loaded.
public struct FeatureError: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
