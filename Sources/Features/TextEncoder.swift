import Core
import Foundation

/// Stemmed diagnoses as vectors of length 1, by bag of words, TF-IDF (both reduced by truncated SVD) or
/// doc2vec (PV-DBOW or PV-DM). The vocabulary holds only terms of several units, so nobody's own words stay in the model.
public struct TextEncoder: Sendable, Codable, Equatable {
  /// Counts of known terms by their number in the vocabulary.
  public typealias Terms = [Int: Int]

  private enum Model: Sendable, Codable, Equatable {
    case latent(LatentSemantics)
    case paragraphs(ParagraphVectors)
  }

  public let language: String
  public let vocabulary: [String]
  private let model: Model

  static let leastUnits = 3
  static let largestVocabulary = 8_000

  public var dimensions: Int {
    switch model {
    case .latent(let model): model.dimensions
    case .paragraphs(let model): model.dimensions
    }
  }

  /// - Parameters:
  ///   - texts: each unit's text with the names to leave out.
  ///   - names: of other persons. No name of three letters or more becomes a term, whoever's text it is in.
  /// - Returns: `nil` when there are too few texts or terms to learn from.
  /// - Throws: `FeatureError` for an unknown language.
  public init?(
    fitting texts: [(text: String, names: [String])], method: Configuration.TextMethod = .tfidf,
    components: Int, language: String, seed: UInt64, refusing names: [String] = []
  ) throws(FeatureError) {
    let tokenizer = try Tokenizer(language: language)
    let documents = texts.map { tokenizer.stems($0.text, without: PersonNames($0.names)) }
    var units: [String: Int] = [:]
    for document in documents {
      for term in Set(document) { units[term, default: 0] += 1 }
    }
    let refused = Self.refused(texts.flatMap(\.names) + names, tokenizer)
    let known = units.filter { $0.value >= Self.leastUnits && !refused.contains($0.key) }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.largestVocabulary)
    guard documents.count >= 5, known.count >= 5 else { return nil }
    self.language = language
    vocabulary = known.map(\.key)
    let numbers = Dictionary(uniqueKeysWithValues: zip(known.map(\.key), 0...))
    let terms = documents.map { Self.count($0, numbers) }
    switch method {
    case .bow, .tfidf:
      model = .latent(
        LatentSemantics(
          fitting: terms, vocabulary: known.count,
          weighting: method == .bow ? .counts : .inverseFrequency, components: components,
          seed: seed))
    case .paragraphVectors, .paragraphMemory:
      // Large archives are worth all cores; small ones come out the same each time.
      let threads = documents.count > 20_000 ? ProcessInfo.processInfo.activeProcessorCount : 1
      model = .paragraphs(
        ParagraphVectors(
          fitting: terms, vocabulary: known.count,
          .init(
            context: method == .paragraphMemory ? 5 : 0, dimensions: components, seed: seed,
            threads: threads)))
    }
  }

  /// Tokenizes for one thread; make one for a batch of texts.
  public func makeCounter() throws(FeatureError) -> TermCounter {
    TermCounter(
      tokenizer: try Tokenizer(language: language),
      numbers: Dictionary(uniqueKeysWithValues: zip(vocabulary, 0...)))
  }

  /// - Returns: `nil` when no term is known: the block is missing then.
  public func encode(_ terms: Terms) -> [Float]? {
    let known = terms.filter { vocabulary.indices.contains($0.key) && $0.value > 0 }
    return switch model {
    case .latent(let model): model.encode(known)
    case .paragraphs(let model): model.infer(known)
    }
  }

  /// Names and what is left of them as stems.
  private static func refused(_ names: [String], _ tokenizer: Tokenizer) -> PersonNames {
    let long = Set(names).filter { $0.count >= 3 }
    return PersonNames(long.union(long.compactMap { tokenizer.stem($0) }))
  }

  static func count(_ stems: [String], _ numbers: [String: Int]) -> Terms {
    stems.reduce(into: [:]) { terms, stem in
      if let number = numbers[stem] { terms[number, default: 0] += 1 }
    }
  }
}

/// Turns texts into counts of known terms. For one thread at a time.
public final class TermCounter {
  private let tokenizer: Tokenizer
  private let numbers: [String: Int]
  /// The terms of words that were met, since reports are written with few of them.
  private var met: [String: Int?] = [:]

  init(tokenizer: Tokenizer, numbers: [String: Int]) {
    self.tokenizer = tokenizer
    self.numbers = numbers
  }

  public func terms(_ text: String, without names: [String]) -> TextEncoder.Terms {
    let names = PersonNames(names)
    var terms: TextEncoder.Terms = [:]
    for word in Tokenizer.words(names.removed(from: text)) where !names.contains(word) {
      if let number = number(word) { terms[number, default: 0] += 1 }
    }
    return terms
  }

  private func number(_ word: String) -> Int? {
    if let known = met[word] { return known }
    let number = tokenizer.stem(word).flatMap { numbers[$0] }
    if met.count >= 100_000 { met = [:] }
    met[word] = .some(number)
    return number
  }
}
