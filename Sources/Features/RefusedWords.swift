import Core

/// Words that no vocabulary may hold: names of persons, and what looks like an identifier.
public struct RefusedWords: Sendable {
  private let names: PersonNames

  /// - Parameter names: words of the names of every person whom the training files mention, lower case.
  /// - Throws: `FeatureError` for an unknown language.
  public init(_ names: some Sequence<String>, language: String) throws(FeatureError) {
    self.init(names, try Tokenizer(language: language))
  }

  init(_ names: some Sequence<String>, _ tokenizer: Tokenizer) {
    let words = Set(names).subtracting(Self.titles).filter { $0.count >= 2 }
    // A vocabulary holds what is left of words as stems.
    self.names = PersonNames(words.union(words.compactMap { tokenizer.stem($0) }))
  }

  public func contains(_ term: String) -> Bool {
    term.contains { !$0.isLetter } || names.contains(term)
  }

  /// What stands in names' fields and is no name; the modalities are there in tests and phantoms.
  private static let titles: Set<String> = [
    "mr", "mrs", "ms", "dr", "md", "do", "rn", "rt", "st", "sr", "jr", "phd", "med", "prof", "dipl",
    "ct", "cr", "dx", "mg", "nm", "pt", "us", "xa", "test", "patient", "phantom", "anonymous",
    "anonymized", "unknown", "none",
  ]
}
