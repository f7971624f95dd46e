import Core
import Foundation

/// A report that a text encoder is fitted on.
package struct TrainingText: Sendable {
  package var text: String
  /// Words of the names in its study.
  package var names: [String]
  /// Texts of one patient count once towards a term's number of patients.
  package var patient: String

  package init(text: String, names: [String], patient: String) {
    self.text = text
    self.names = names
    self.patient = patient
  }
}

/// Encodes stemmed diagnoses as vectors of length 1, by bag of words, TF-IDF (both reduced by truncated SVD) or doc2vec
/// (PV-DBOW or PV-DM). The vocabulary holds only terms of several patients, so no one's own words stay in the model.
package struct TextEncoder: Sendable, Codable, Equatable {
  /// Counts of known terms by their number in the vocabulary.
  package typealias Terms = [Int: Int]

  private enum Model: Sendable, Codable, Equatable {
    case latent(LatentSemantics)
    case paragraphs(ParagraphVectors)
  }

  package let language: String
  package let vocabulary: [String]
  /// The commonest word of each term; "" where no word is shared by enough patients. `nil` in bundles of earlier
  /// versions.
  private let forms: [String]?
  private let model: Model

  static let largestVocabulary = 8_000

  /// Each term as a person reads it: its commonest word, or the term where there is none.
  package var words: [String] {
    guard let forms, forms.count == vocabulary.count else { return vocabulary }
    return zip(vocabulary, forms).map { $1.isEmpty ? $0 : $1 }
  }

  package var dimensions: Int {
    switch model {
    case .latent(let model): model.dimensions
    case .paragraphs(let model): model.dimensions
    }
  }

  /// - Parameters:
  ///   - names: names of other people. No name becomes a term, in any text.
  /// - Returns: `nil` when there are too few texts or terms to learn from.
  /// - Throws: `FeatureError` for an unknown language.
  package init?(
    fitting texts: [TrainingText], method: Configuration.TextMethod = .tfidf, components: Int,
    vocabulary rules: Configuration.Vocabulary, seed: UInt64, refusing names: [String] = []
  ) throws(FeatureError) {
    let tokenizer = try Tokenizer(language: rules.language, signatures: rules.signatureWords)
    let refusal = try NameRefusal(texts.flatMap(\.names) + names, language: rules.language)
    var stems: [String: String?] = [:]
    var forms = WordForms(minimumPatients: rules.minimumPatients)
    let documents = texts.map { text in
      let words = tokenizer.words(text.text, without: PersonNames(text.names))
      let terms: [String] = words.compactMap { word in
        if let known = stems[word] { return known }
        let stem = refusal.refuses(word: word) ? nil : tokenizer.stem(word)
        let term = stem.flatMap { refusal.refuses(term: $0) ? nil : $0 }
        stems[word] = .some(term)
        return term
      }
      forms.add(Set(words), terms: stems, patient: text.patient)
      return terms
    }
    var patients: [String: Set<String>] = [:]
    for (document, text) in zip(documents, texts) {
      for term in Set(document) { patients[term, default: []].insert(text.patient) }
    }
    var units: [String: Int] = [:]
    for document in documents {
      for term in Set(document) where patients[term]!.count >= rules.minimumPatients {
        units[term, default: 0] += 1
      }
    }
    let known = units.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .prefix(Self.largestVocabulary)
    guard documents.count >= 5, known.count >= 5 else { return nil }
    language = rules.language
    vocabulary = known.map(\.key)
    let words = forms.commonest()
    self.forms = known.map { words[$0.key] ?? "" }
    let numbers = Dictionary(uniqueKeysWithValues: zip(known.map(\.key), 0...))
    let terms = documents.map { Self.count($0, numbers) }
    switch method {
    case .bow, .tfidf:
      model = .latent(
        LatentSemantics(
          fitting: terms, vocabulary: known.count,
          weighting: method == .bow ? .counts : .inverseFrequency, components: components,
          seed: seed))
    case .paragraphVectors, .distributedMemory:
      // Large archives use all cores; small ones stay reproducible.
      let threads = documents.count > 20_000 ? ProcessInfo.processInfo.activeProcessorCount : 1
      model = .paragraphs(
        ParagraphVectors(
          fitting: terms, vocabulary: known.count,
          .init(
            context: method == .distributedMemory ? 5 : 0, dimensions: components, seed: seed,
            threads: threads)))
    }
  }

  /// Counts terms on one thread; make one per batch of texts. The bundle lacks the site's own signature words, which
  /// may be names: what follows them was kept out of the vocabulary.
  package func makeCounter() throws(FeatureError) -> TermCounter {
    TermCounter(
      tokenizer: try Tokenizer(language: language),
      numbers: Dictionary(uniqueKeysWithValues: zip(vocabulary, 0...)))
  }

  /// - Returns: `dimensions` values; `nil` if no term is known: the block is then missing.
  package func encode(_ terms: Terms) -> [Float]? {
    let known = terms.filter { vocabulary.indices.contains($0.key) && $0.value > 0 }
    return switch model {
    case .latent(let model): model.encode(known)
    case .paragraphs(let model): model.infer(known)
    }
  }

  static func count(_ stems: [String], _ numbers: [String: Int]) -> Terms {
    stems.reduce(into: [:]) { terms, stem in
      if let number = numbers[stem] { terms[number, default: 0] += 1 }
    }
  }
}
