import Annotator
import Clustering
import Core
import Features
import Foundation

/// The method's three experiments on one archive: each source alone, their fusion, and fusion without each
/// source. Every arrangement is clustered twice: fitted and judged on the whole archive, as clusterings
/// usually are, and fitted on training studies alone and judged on others. Choices are made on the
/// validation studies only.
public final class Experiment {
  public struct Parameters: Sendable {
    public var features: Configuration.Features
    /// Numbers of clusters; the last one ranks.
    public var clusters = [30, 40, 50]
    /// Runs of each clustering.
    public var seeds = 3
    public var seed: UInt64

    public init(features: Configuration.Features, seed: UInt64) {
      self.features = features
      self.seed = seed
    }
  }

  /// One clustering and its figures.
  public struct Row: Codable, Sendable {
    public var stage: String
    public var name: String
    public var sources: [String]
    public var leaking: Bool
    public var grouping: String
    public var k: Int
    public var seed: Int
    /// Fitted and judged on all units.
    var archive: Figures
    /// Fitted on the training units.
    var validation: Figures
    var test: Figures
  }

  public struct Outcome: Sendable {
    public var rows: [Row]
    public var units: Int
    public var parts: [String: Int]
    /// What the validation studies chose without tags that name what is judged, and with them.
    var chosen: Arrangement
    var chosenLeaking: Arrangement
    public var corpus: String
  }

  let units: [LabelledUnit]
  let parameters: Parameters
  let cache: ResultCache
  let progress: (String) -> Void
  /// Of each unit.
  let part: [Part]
  private let training: [Int]
  private let corpus: String
  private var rows: [Row] = []

  /// - Parameters:
  ///   - units: at least twice as many as the largest number of clusters.
  ///   - cacheFolder: where results wait for the next run.
  /// - Throws: `FeatureError` when there are too few units to tell anything, `FileError`.
  public init(
    _ units: [LabelledUnit], _ parameters: Parameters, cacheFolder: String,
    progress: @escaping (String) -> Void
  ) throws {
    // By content, not by the site's keys: the same files give the same split and the same figures anywhere.
    let contents = Self.contents(units)
    let ordered = units.sorted {
      (contents[$0.unit.study] ?? "", $0.unit.digests.min() ?? "")
        < (contents[$1.unit.study] ?? "", $1.unit.digests.min() ?? "")
    }
    self.units = ordered
    part = ordered.map { Part(content: contents[$0.unit.study] ?? "") }
    self.parameters = parameters
    self.progress = progress
    cache = try ResultCache(folder: cacheFolder)
    training = ordered.indices.filter { [part] in part[$0] == .training }
    let most = parameters.clusters.max() ?? 0
    guard training.count >= most, training.count < ordered.count else {
      throw FeatureError(
        "\(training.count) training units of \(ordered.count) are too few for \(most) clusters: "
          + "give a larger folder or smaller --clusters")
    }
    var digest = SHA256Digest()
    for unit in ordered {
      let text = [unit.modality ?? "", unit.region ?? ""] + unit.unit.digests
      Array(text.joined(separator: "|").utf8).withUnsafeBytes { digest.update($0) }
    }
    corpus = digest.finish() + softwareVersion
  }

  /// By study: the smallest digest of its files.
  private static func contents(_ units: [LabelledUnit]) -> [String: String] {
    units.reduce(into: [:]) { contents, unit in
      let digest = unit.unit.digests.min() ?? unit.unit.study
      contents[unit.unit.study] = min(contents[unit.unit.study] ?? digest, digest)
    }
  }

  public func run() throws -> Outcome {
    let side = units.lazy.compactMap { $0.unit.images.first?.side }.first ?? 0
    let candidates = Candidate.all(parameters.features, side: side)
    for candidate in candidates { try measure(Arrangement(candidates: [candidate]), "sources") }
    let blind = try fuse(candidates.filter { !$0.isLeaking })
    let leaking = try fuse(candidates.filter { $0.block != .tags || $0.isLeaking })
    guard let blind else { throw FeatureError("no source gave any vectors") }
    let parts = Dictionary(grouping: part, by: \.rawValue)
    return Outcome(
      rows: rows, units: units.count, parts: parts.mapValues(\.count), chosen: blind,
      chosenLeaking: leaking ?? blind, corpus: corpus)
  }

  /// Fuses the best candidate of each source by every strategy, then goes on from the winner in steps: another
  /// candidate for one source, because what is best alone need not be best in company, or half or twice the
  /// weight of one source. Then leaves each source out.
  ///
  /// - Returns: the winner.
  private func fuse(_ candidates: [Candidate]) throws -> Arrangement? {
    let best = Block.allCases.compactMap { block in
      winner(candidates.filter { $0.block == block }.map { Arrangement(candidates: [$0]) })
    }.flatMap(\.candidates)
    let strategies = Configuration.Fusion.allCases.map {
      Arrangement(candidates: best, fusion: $0)
    }
    for arrangement in strategies { try measure(arrangement, "fusion") }
    guard var chosen = winner(strategies) else { return nil }
    for _ in 0..<Self.rounds {
      let before = chosen
      for block in chosen.sources {
        let swapped = candidates.filter { $0.block == block }.map { chosen.with($0) }
        for arrangement in swapped { try measure(arrangement, "fusion") }
        chosen = winner(swapped) ?? chosen
      }
      let steps = chosen.weightSteps + [chosen]
      for arrangement in steps { try measure(arrangement, "fusion") }
      chosen = winner(steps) ?? chosen
      if chosen == before { break }
    }
    for block in chosen.sources { try measure(chosen.without(block), "ablation") }
    return chosen
  }

  /// Rounds of steps at most: more would chase the noise of few validation studies.
  private static let rounds = 3

  /// The arrangement with the highest sum of homogeneity and NMI on the validation units, by k-means, the
  /// mean over all numbers of clusters and seeds, because few units make each of them noisy.
  private func winner(_ arrangements: [Arrangement]) -> Arrangement? {
    func value(_ arrangement: Arrangement) -> Double {
      let judged = rows.filter {
        $0.name == arrangement.name && $0.grouping == Grouping.kMeans.rawValue
      }
      return Spread(judged.map { $0.validation.homogeneity + $0.validation.nmi }).mean
    }
    return arrangements.max { value($0) < value($1) }
  }

  private func measure(_ arrangement: Arrangement, _ stage: String) throws {
    // Without tags it is the same arrangement whatever they would have told.
    guard !arrangement.candidates.isEmpty,
      !rows.contains(where: { $0.stage == stage && $0.name == arrangement.name })
    else { return }
    for grouping in Grouping.allCases {
      for k in parameters.clusters {
        for seed in 0..<parameters.seeds {
          let description =
            "\(corpus) \(parameters.seed) \(stage) \(arrangement) \(grouping) \(k) \(seed)"
          let row = try cache.value(description) {
            progress("\(stage): \(arrangement.name), \(grouping.rawValue), k = \(k)")
            return try self.row(arrangement, stage, grouping, k: k, seed: seed)
          }
          rows.append(row)
        }
      }
    }
  }

  private func row(
    _ arrangement: Arrangement, _ stage: String, _ grouping: Grouping, k: Int, seed: Int
  ) throws -> Row {
    // Far apart, because a fit's own starts take the seeds that follow.
    let start = parameters.seed &+ UInt64(seed) &* 1_000_003
    func labels(_ fitted: [Int]) throws -> [Int] {
      let vectors = try Dictionary(
        uniqueKeysWithValues: arrangement.candidates.map { ($0, try self.vectors($0, fitted)) })
      let points = try arrangement.points(
        vectors, fittedOn: fitted, clusters: parameters.features.fusionClusters, seed: start)
      return grouping.labels(points, fittedOn: fitted, k: k, seed: start)
    }
    let whole = try labels(Array(units.indices))
    let heldOut = try labels(training)
    let image = try yardstick(.image)
    let text = try yardstick(.text)
    func figures(_ clusters: [Int], _ chosen: [Int]) -> Figures {
      Figures(
        chosen.map { units[$0] }, clusters: chosen.map { clusters[$0] },
        image: chosen.map { image[$0] }, text: chosen.map { text[$0] })
    }
    func members(_ part: Part) -> [Int] {
      units.indices.filter { self.part[$0] == part }
    }
    return Row(
      stage: stage, name: arrangement.name, sources: arrangement.sources.map(\.name),
      leaking: arrangement.isLeaking, grouping: grouping.rawValue, k: k, seed: seed,
      archive: figures(whole, Array(units.indices)),
      validation: figures(heldOut, members(.validation)), test: figures(heldOut, members(.test)))
  }

  /// The vectors that spread is measured in, of the whole archive.
  private func yardstick(_ block: Block) throws -> [[Float]?] {
    let method: Candidate.Method =
      block == .image
      ? .image(.pca, side: 32, parameters.features.vocabulary)
      : .text(.tfidf, parameters.features.vocabulary)
    return try vectors(Candidate(method: method, components: 64), Array(units.indices))
  }

  private func vectors(_ candidate: Candidate, _ fitted: [Int]) throws -> [[Float]?] {
    let description = "\(corpus) \(parameters.seed) \(candidate) \(fitted.count) of \(units.count)"
    return try cache.vectors(description) {
      progress("\(candidate.block.name) \(candidate.name) on \(fitted.count) units")
      return try candidate.vectors(
        units.map(\.unit), fittedOn: fitted, seed: parameters.seed,
        checkpoint: cache.path(description, "checkpoint")
      ) { [progress] in progress("\(candidate.block.name) \(candidate.name): \($0)") }
    }
  }
}
