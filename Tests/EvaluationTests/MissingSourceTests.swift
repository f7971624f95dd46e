import Core
import Features
import TestSupport
import Testing
import Training

@testable import Evaluation

/// The initial features on real studies, every other of which lacks a source.
@Suite(.enabled(if: Corpus.teaching != nil)) struct MissingSourceTests {
  private static let archive = Result { try Archive() }

  /// Without tags, gradients and reports don't always separate CT from MR; without a report, gradients and tags often
  /// miss the region. Studies that have the source lose too when the others lack it. The semantic encoder, which
  /// predicts tags and reports from pictures, loses half as much (docs/evaluation.md).
  @Test(arguments: [(Block.image, 0.08), (.tags, 0.11), (.text, 0.11)])
  func `a study without a source still lands near similar ones`(_ block: Block, _ loss: Double)
    throws
  {
    let archive = try Self.archive.get()
    let (whole, without) = (archive.whole, try archive.homogeneity(without: block))
    let none = try archive.homogeneity(without: block, ofEvery: 1)
    let words =
      "\(block.name): \(whole.text), half without \(without.text), all without \(none.text)"
    #expect(without.mean >= whole.mean - loss, "\(words)")
    #expect(without.mean >= none.mean - 0.01, "\(words)")
  }

  private struct Archive: Sendable {
    private let units: [LabelledUnit]
    private let arrangement: Arrangement
    /// Homogeneity with nothing missing.
    private(set) var whole = Spread([])

    private static let seeds: [UInt64] = [1, 2, 3, 4, 5]

    init() throws {
      let folder = try TemporaryFolder()
      let corpus = try #require(Corpus.teaching)
      let configuration = try Configuration(
        TOMLDocument(
          text: """
            [intake]
            input = "\(corpus)"
            settle = 0
            [state]
            directory = "\(folder.path)"
            [privacy]
            site_key = ""
            """, path: ""))
      let keys = try Keys(configuration)
      let labels = try Labels(contentsOf: corpus + "/labels.tsv", keys: keys)
      // By content: the key differs in each run.
      units = try OfflineTraining.units(configuration) { _ in }.units
        .sorted { $0.unit.digests.min() ?? "" < $1.unit.digests.min() ?? "" }
        .map { member in
          let truth = labels.labels(study: member.unit.study)
          return LabelledUnit(unit: member.unit, modality: truth?.modality, region: truth?.region)
        }
      let features = configuration.features
      func candidate(_ method: Candidate.Method, _ components: Int) -> Candidate {
        Candidate(method: method, components: components, fitted: components)
      }
      arrangement = Arrangement(
        candidates: [
          candidate(
            .image(.hog, side: features.gridSide(of: .hog), steps: 0, features.vocabulary),
            features.imageComponents),
          candidate(.tags(.pca, leaking: false), features.tagComponents),
          candidate(.text(.tfidf, features.vocabulary), features.textComponents),
        ], weights: features.weights)
      whole = try homogeneity(without: nil)
    }

    /// Homogeneity of every other study.
    ///
    /// - Parameter share: one study in `share` lacks the block, including these.
    func homogeneity(without block: Block?, ofEvery share: Int = 2) throws -> Spread {
      var given = units.map(\.unit)
      for unit in units.indices where (unit + 1) % share == 0 {
        switch block {
        case .image: given[unit].images = []
        case .tags: given[unit].tags = [:]
        case .text: given[unit].text = nil
        case nil: break
        }
      }
      let all = Array(units.indices)
      let vectors = try arrangement.candidates.map {
        try $0.vectors(given, fittedOn: all, seed: 1, checkpoint: nil) { _ in }
      }
      let fit = try ArrangementFit(
        arrangement, vectors: vectors, fittedOn: all, .kMeans, views: BlockViews(), clusters: 50)
      let nothing = [[Float]?](repeating: nil, count: units.count)
      let judge = Judge(units: units, image: nothing, text: nothing)
      return Spread(
        try Self.seeds.map { seed in
          let labels = try fit.points(seed: seed).labels(
            k: 50, components: Configuration.Clustering.defaultComponents, seed: seed)
          return judge.figures(labels, of: all.filter { $0 % 2 == 1 }).homogeneity
        })
    }
  }
}
