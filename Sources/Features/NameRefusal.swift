import Core

/// Tells which words may not stand in a vocabulary: names of the persons of an archive, and what identifies by its
/// form.
package struct NameRefusal {
  private let names: PersonNames
  /// What is left of names by the stemmer.
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
  /// Terms that identify by their form: they hold digits or marks, which words of reports don't.
  package var identifyingTerms: [String] {
    vocabulary.filter { !$0.allSatisfy(\.isLetter) || $0.count < 2 }
  }
}
