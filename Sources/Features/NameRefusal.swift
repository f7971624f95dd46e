import Core

/// Decides which words may not enter a vocabulary: names of people in the archive, and words that identify by form.
package struct NameRefusal {
  private let names: PersonNames
  /// Stems of the names.
  private let stems: Set<String>

  /// - Parameter names: words in lower case.
  /// - Throws: `FeatureError` for an unknown language.
  package init(_ names: some Sequence<String>, language: String) throws(FeatureError) {
    let tokenizer = try Tokenizer(language: language)
    let words = Set(names)
    self.names = PersonNames(words)
    stems = Set(
      words.lazy.filter { $0.count >= 3 }.compactMap {
        tokenizer.stem($0).map(PersonNames.spelling)
      })
  }

  func refuses(word: String) -> Bool { names.refuses(word) }

  /// - Parameter term: a word or its stem.
  package func refuses(term: String) -> Bool {
    names.refuses(term) || stems.contains(PersonNames.spelling(term))
  }
}

extension TextEncoder {
  /// Terms that identify by form: they contain digits or marks, which report words don't.
  package var identifyingTerms: [String] {
    (vocabulary + words).filter { !$0.allSatisfy(\.isLetter) || $0.count < 2 }
  }
}
