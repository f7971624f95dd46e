import Core
import Features

/// One way to make vectors of one source.
struct Candidate: Sendable, Hashable {
  enum Method: Sendable, Hashable {
    case image(Configuration.ImageMethod, side: Int, Configuration.Vocabulary)
    case tags(Configuration.Reduction, leaking: Bool)
    case text(Configuration.TextMethod, Configuration.Vocabulary)
  }

  var method: Method
  /// Length of the vectors at most.
  var components: Int

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

  /// As it stands in tables: `tfidf 16`.
  var name: String {
    switch method {
    case .image(let method, _, _): "\(method.rawValue) \(components)"
    case .tags(let reduction, let leaking):
      "\(reduction.rawValue) \(components)\(leaking ? " leaking" : "")"
    case .text(let text, _): "\(text.rawValue) \(components)"
    }
  }

  /// Every extractor of every source, with vectors of the configured length and of a quarter of it: few
  /// directions may hold what separates a small archive.
  ///
  /// - Parameter side: of the images; what can't be averaged down from it is left out.
  static func all(_ features: Configuration.Features, side: Int) -> [Candidate] {
    func sized(_ method: Method, _ components: Int) -> [Candidate] {
      Set([max(2, components / 4), components]).sorted().map {
        Candidate(method: method, components: $0)
      }
    }
    let images = Configuration.ImageMethod.allCases.filter {
      $0 != .auto && side % features.gridSide(of: $0) == 0
    }.flatMap {
      sized(
        .image($0, side: features.gridSide(of: $0), features.vocabulary), features.imageComponents)
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

  /// Fits on some units and encodes all.
  ///
  /// - Parameter fitted: indices of the units to learn from.
  /// - Returns: each unit's vector, `nil` where the unit lacks the source.
  func vectors(
    _ units: [TrainingUnit], fittedOn fitted: [Int], seed: UInt64, checkpoint: String?,
    progress: @escaping (String) -> Void
  ) throws -> [[Float]?] {
    let studies = ModelBundle.studyNumbers(units)
    func settings(_ reduction: Configuration.Reduction) -> ReductionSettings {
      ReductionSettings(
        reduction, components: components, seed: seed, checkpoint: checkpoint, progress: progress)
    }
    switch method {
    case .image(let method, let side, let vocabulary):
      let training = fitted.map { units[$0] }
      guard training.reduce(0, { $0 + $1.images.count }) >= 2 else { return units.map { _ in nil } }
      let encoder = try ImageEncoder(
        fitting: training, studies: fitted.map { studies[$0] },
        ImageSettings(
          method, components: components, gridSide: side, vocabulary: vocabulary, seed: seed,
          checkpoint: checkpoint, progress: progress))
      return try units.map { try encoder.encode(unit: $0.images) }
    case .tags(let reduction, let leaking):
      let encoder = try TagEncoder(
        fitting: fitted.map { units[$0].tags }, studies: fitted.map { studies[$0] },
        leaking: leaking, settings(reduction))
      return try units.map { try encoder?.encode($0.tags) }
    case .text(let text, let vocabulary):
      let texts = fitted.compactMap { index in
        units[index].text.map { units[index].trainingText($0) }
      }
      let encoder = try TextEncoder(
        fitting: texts, method: text, components: components, vocabulary: vocabulary, seed: seed,
        refusing: units.flatMap(\.names.revealed))
      let counter = try encoder?.makeCounter()
      return units.map { unit in
        unit.text.flatMap { text in
          encoder?.encode(
            counter?.terms(text.revealed, without: unit.names.revealed) ?? [:])
        }
      }
    }
  }
}
