import Core
import Features

extension Experiment {
  /// All clusterings of one arrangement by one method, for each number of clusters and seed.
  ///
  /// - Parameter begin: called unless they are cached.
  func clusterings(_ arrangement: Arrangement, _ grouping: Grouping, _ begin: () -> Void) throws
    -> [Row]
  {
    try cache.value("\(settings) \(arrangement) \(grouping)") {
      begin()
      let everything = Array(units.indices)
      let whole = try fit(arrangement, on: everything, grouping)
      let partial = try fit(arrangement, on: training, grouping)
      let (validation, test) = (members(.validation), members(.test))
      let (judge, clusters, components) = (
        try judge(), parameters.clusters, parameters.components
      )
      let bySeed = try mapInParallel(seeds) { seed -> [Row] in
        let (all, training) = (
          try whole.points(seed: seed.value), try partial.points(seed: seed.value)
        )
        return clusters.map { k in
          let labels = training.labels(k: k, components: components, seed: seed.value)
          return Row(
            stage: "", name: arrangement.name, sources: arrangement.sources.map(\.name),
            leaking: arrangement.isLeaking, grouping: grouping.rawValue, k: k, seed: seed.number,
            archive: judge.figures(
              all.labels(k: k, components: components, seed: seed.value), of: everything),
            validation: judge.figures(labels, of: validation),
            test: judge.figures(labels, of: test))
        }
      }
      // By number of clusters, then by seed.
      return clusters.indices.flatMap { k in bySeed.map { $0[k] } }
    }
  }

  /// Loss of homogeneity when every other study lacks a source, for each source of an arrangement.
  func losses(of arrangement: Arrangement) throws -> [Loss] {
    guard arrangement.sources.count > 1, let k = parameters.clusters.last else { return [] }
    return try cache.value("\(settings) \(arrangement) losses") {
      tell("half of the studies without a source")
      let numbers = ModelBundle.studyNumbers(units.map(\.unit))
      let halved = units.indices.filter { numbers[$0] % 2 == 1 }
      let judge = try judge()
      func homogeneity(without block: Block?) throws -> [Double] {
        let fit = try fit(
          arrangement, on: Array(units.indices), .kMeans, without: block, halved)
        return try mapInParallel(seeds) { [components = parameters.components] seed in
          let labels = try fit.points(seed: seed.value)
            .labels(k: k, components: components, seed: seed.value)
          return judge.figures(labels, of: halved).homogeneity
        }
      }
      let with = try homogeneity(without: nil)
      return try arrangement.sources.map {
        Loss(source: $0.name, with: with, without: try homogeneity(without: $0))
      }
    }
  }

  /// - Parameter halved: indices of the units that lack a block.
  private func fit(
    _ arrangement: Arrangement, on fitted: [Int], _ grouping: Grouping,
    without block: Block? = nil, _ halved: [Int] = []
  ) throws -> ArrangementFit {
    var blocks = try Block.allCases.map { block in
      try arrangement.candidates.first { $0.block == block }.map { try vectors($0, fitted) }
    }
    if let block { for unit in halved { blocks[block.rawValue]?[unit] = nil } }
    return try ArrangementFit(
      arrangement, vectors: blocks, fittedOn: fitted, grouping,
      // Other vectors have other centroids.
      views: block == nil ? views : BlockViews(), clusters: parameters.features.fusionClusters)
  }

  /// Everything that clusterings depend on, for the cache.
  private var settings: String {
    "\(corpus) \(parameters.seed) \(parameters.clusters) \(parameters.seeds) \(parameters.components) "
      + "\(parameters.features.fusionClusters)"
  }

  /// Far apart, because a fit's own starts use the seeds that follow.
  private var seeds: [(number: Int, value: UInt64)] {
    (0..<parameters.seeds).map { ($0, parameters.seed &+ UInt64($0) &* 1_000_003) }
  }

  private func members(_ part: Part) -> [Int] { units.indices.filter { self.part[$0] == part } }

  /// Spread is measured in vectors of the whole archive.
  private func judge() throws -> Judge {
    func yardstick(_ method: Candidate.Method) throws -> [[Float]?] {
      try vectors(Candidate(method: method, components: 64, fitted: 64), Array(units.indices))
    }
    let vocabulary = parameters.features.vocabulary
    return Judge(
      units: units, image: try yardstick(.image(.pca, side: 32, steps: 0, vocabulary)),
      text: try yardstick(.text(.tfidf, vocabulary)))
  }

  private func vectors(_ candidate: Candidate, _ fitted: [Int]) throws -> [[Float]?] {
    let whole = candidate.whole
    // A network is trained once, and frozen.
    let fitted = candidate.isNetwork ? training : fitted
    let description = "\(corpus) \(parameters.seed) \(whole) \(fitted.count) of \(units.count)"
    let vectors = try cache.vectors(description) {
      tell("\(whole.block.name) \(whole.name) on \(fitted.count) units")
      return try whole.vectors(
        units.map(\.unit), fittedOn: fitted, seed: parameters.seed,
        checkpoint: cache.path(description, "checkpoint")
      ) { [progress, pace] in
        progress("\(pace.text(at: .now)): \(whole.block.name) \(whole.name): \($0)")
      }
    }
    return candidate.beginnings(vectors)
  }
}
