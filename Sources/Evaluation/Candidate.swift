import Core

/// One way to make vectors from one source.
struct Candidate: Sendable, Hashable {
  enum Method: Sendable, Hashable {
    case image(Configuration.ImageMethod, side: Int, steps: Int, Configuration.Vocabulary)
    case tags(Configuration.Reduction, leaking: Bool)
    case text(Configuration.TextMethod, Configuration.Vocabulary)
  }

  var method: Method
  /// Maximum length of the vectors.
  var components: Int
  /// Maximum fitted length: where components are ordered by importance, a shorter vector is the beginning of a longer
  /// one.
  var fitted: Int

  var block: Block {
    switch method {
    case .image: .image
    case .tags: .tags
    case .text: .text
    }
  }

  /// Whether it sees what clusters are judged by.
  var isLeaking: Bool {
    if case .tags(_, let leaking) = method { leaking } else { false }
  }

  /// Whether it is trained step by step, which takes minutes.
  var isNetwork: Bool {
    switch method {
    case .image(let image, _, _, _): image == .semantic || image == .autoencoder
    case .tags(let reduction, _): reduction == .autoencoder
    case .text(let text, _): text == .paragraphVectors || text == .distributedMemory
    }
  }

  /// Whether its components are ordered by importance.
  private var isOrdered: Bool {
    switch method {
    case .image(let image, _, _, _): image != .autoencoder
    case .tags(let reduction, _): reduction == .pca
    case .text(let text, _): text == .bow || text == .tfidf
    }
  }

  /// Whether its vectors have length 1.
  private var isDirection: Bool {
    switch method {
    case .image(let image, _, _, _): image != .pca && image != .autoencoder
    case .tags: false
    case .text: true
    }
  }

  /// The candidate to fit, of full fitted length.
  var whole: Candidate { Candidate(method: method, components: fitted, fitted: fitted) }

  /// Its own vectors, cut from those of `whole`.
  func beginnings(_ vectors: [[Float]?]) -> [[Float]?] {
    guard components < fitted else { return vectors }
    return vectors.map { vector in
      guard let beginning = vector?.prefix(components) else { return nil }
      let length = beginning.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      guard isDirection, length > 0 else { return Array(beginning) }
      return beginning.map { Float(Double($0) / length) }
    }
  }

  /// Its name in tables: `tfidf 16`.
  var name: String {
    switch method {
    case .image(let method, _, _, _): "\(method.rawValue) \(components)"
    case .tags(let reduction, let leaking):
      "\(reduction.rawValue) \(components)\(leaking ? " leaking" : "")"
    case .text(let text, _): "\(text.rawValue) \(components)"
    }
  }

  /// Maximum training steps of a network: a comparison has to end in minutes. Networks for use get all their steps.
  private static let mostSteps = 400

  /// Every extractor of every source, with vectors of the configured length and, where that costs nothing, of a quarter
  /// of it: a few directions may separate a small archive.
  ///
  /// - Parameter side: of the images, pixels; methods whose grid doesn't divide it are left out.
  static func all(_ features: Configuration.Features, side: Int) -> [Candidate] {
    func sized(_ method: Method, _ components: Int) -> [Candidate] {
      let whole = Candidate(method: method, components: components, fitted: components)
      let quarter = max(2, components / 4)
      guard whole.isOrdered, quarter < components else { return [whole] }
      return [Candidate(method: method, components: quarter, fitted: components), whole]
    }
    let steps = min(features.imageSteps, mostSteps)
    let images = Configuration.ImageMethod.allCases.filter {
      $0 != .auto && side % features.gridSide(of: $0) == 0
    }.flatMap {
      sized(
        .image(
          $0, side: features.gridSide(of: $0), steps: steps, features.vocabulary),
        features.imageComponents)
    }
    let tags = [false, true].flatMap { leaking in
      Configuration.Reduction.allCases.flatMap {
        sized(.tags($0, leaking: leaking), features.tagComponents)
      }
    }
    let texts = Configuration.TextMethod.allCases.flatMap {
      sized(.text($0, features.vocabulary), features.textComponents)
    }
    return images + tags + texts
  }
}
