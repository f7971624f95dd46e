import Core
import Foundation

/// TF-IDF of stemmed diagnoses, reduced by truncated SVD (latent semantic analysis), of length 1.
/// The vocabulary holds only terms of several units, so nobody's own words stay in the model.
public struct TextEncoder: Sendable, Codable, Equatable {
  /// Counts of known terms by their number in the vocabulary.
  public typealias Terms = [Int: Int]

  public let language: String
  public let vocabulary: [String]
  private let inverseFrequencies: FloatArray
  /// components × vocabulary
  private let components: FloatArray
  public let dimensions: Int

  static let leastUnits = 3
  static let largestVocabulary = 8_000

  /// - Parameters:
  ///   - texts: each unit's text with the names to leave out.
  /// - Returns: `nil` when there are too few texts or terms to learn from.
  /// - Throws: `FeatureError` for an unknown language.
  public init?(
    fitting texts: [(text: String, names: [String])], components: Int, language: String,
    seed: UInt64
  ) throws(FeatureError) {
    let tokenizer = try Tokenizer(language: language)
    let documents = texts.map { tokenizer.stems($0.text, without: Set($0.names)) }
    var units: [String: Int] = [:]
    for document in documents {
      for term in Set(document) { units[term, default: 0] += 1 }
    }
    let known = units.filter { $0.value >= Self.leastUnits }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.largestVocabulary)
    guard documents.count >= 5, known.count >= 5 else { return nil }
    self.language = language
    vocabulary = known.map(\.key)
    let count = Double(documents.count)
    let inverseFrequencies = FloatArray(
      known.map { Float(log((1 + count) / (1 + Double($0.value))) + 1) })

    self.inverseFrequencies = inverseFrequencies
    let numbers = Dictionary(uniqueKeysWithValues: zip(known.map(\.key), 0...))
    let rows = documents.map { document in
      Self.weigh(Self.count(document, numbers), inverseFrequencies.values)
    }
    let reduced = TruncatedSVD.components(
      rows, columns: vocabulary.count, count: components, seed: seed)
    dimensions = reduced.rows
    self.components = FloatArray(reduced.values.map { Float($0) })
  }

  /// Tokenizes for one thread; make one for a batch of texts.
  public func makeCounter() throws(FeatureError) -> TermCounter {
    TermCounter(
      tokenizer: try Tokenizer(language: language),
      numbers: Dictionary(uniqueKeysWithValues: zip(vocabulary, 0...)))
  }

  /// - Returns: `nil` when no term is known: the block is missing then.
  public func encode(_ terms: Terms) -> [Float]? {
    let row = Self.weigh(terms.filter { $0.key < vocabulary.count }, inverseFrequencies.values)
    guard !row.isEmpty else { return nil }
    var vector = (0..<dimensions).map { component in
      row.reduce(0.0) {
        $0 + $1.weight * Double(components.values[component * vocabulary.count + $1.term])
      }
    }
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 1e-12 else { return nil }
    vector = vector.map { $0 / length }
    return vector.map { Float($0) }
  }

  static func count(_ stems: [String], _ numbers: [String: Int]) -> Terms {
    stems.reduce(into: [:]) { terms, stem in
      if let number = numbers[stem] { terms[number, default: 0] += 1 }
    }
  }

  /// (1 + ln tf) · idf, scaled to length 1, in the order of the terms.
  private static func weigh(_ terms: Terms, _ inverseFrequencies: [Float]) -> [(
    term: Int, weight: Double
  )] {
    let weights = terms.sorted { $0.key < $1.key }.map { term, count in
      (term: term, weight: (1 + log(Double(count))) * Double(inverseFrequencies[term]))
    }
    let length = weights.reduce(0) { $0 + $1.weight * $1.weight }.squareRoot()
    return weights.map { ($0.term, $0.weight / length) }
  }
}

/// Turns texts into counts of known terms.
public struct TermCounter {
  let tokenizer: Tokenizer
  let numbers: [String: Int]

  public func terms(_ text: String, without names: [String]) -> TextEncoder.Terms {
    TextEncoder.count(tokenizer.stems(text, without: Set(names)), numbers)
  }
}
