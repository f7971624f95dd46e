import Core
import Features
import Foundation

/// The method's three experiments on one archive: each source alone, their fusion, and fusion without each
/// source. Every arrangement is clustered twice: fitted and judged on the whole archive, as clusterings
/// usually are, and fitted on training studies alone and judged on others. Networks learn from the training
/// studies alone and are frozen for both. Choices are made on the validation studies only.
package final class Experiment {
  package struct Parameters: Sendable {
    package var features: Configuration.Features
    /// Leading principal components for k-means.
    package var components: Int
    /// Numbers of clusters; the last one is used for ranking.
    package var clusters = [30, 40, 50]
    /// Runs of each clustering.
    package var seeds = 20
    /// Whether the candidates include extractors whose training takes minutes.
    package var networks = true
    package var seed: UInt64

    package init(features: Configuration.Features, clustering: Configuration.Clustering) {
      self.features = features
      components = clustering.components
      seed = clustering.seed
    }
  }

  /// One clustering and its metrics.
  package struct Row: Codable, Sendable {
    package var stage: String
    package var name: String
    package var sources: [String]
    package var leaking: Bool
    package var grouping: String
    package var k: Int
    package var seed: Int
    /// Fitted and judged on all units.
    var archive: Metrics
    /// Fitted on the training units.
    var validation: Metrics
    var test: Metrics
  }

  /// Homogeneity of the half of the studies that lacks a source, and of the same studies with it; blind, by seed.
  package struct Loss: Codable, Sendable {
    var source: String
    var with: [Double]
    var without: [Double]
  }

  package struct Outcome: Sendable {
    package var rows: [Row]
    /// What the chosen arrangement loses when half of the studies lack a source.
    package var losses: [Loss]
    package var units: Int
    package var parts: [String: Int]
    /// The choice on the validation studies, without and with tags that name what is judged.
    var chosen: Arrangement
    var chosenLeaking: Arrangement
    /// The configured arrangement, without tags that name what is judged.
    var configured: Arrangement?
    package var corpus: String
  }

  let units: [LabelledUnit]
  let parameters: Parameters
  let cache: ResultCache
  let progress: (String) -> Void
  /// The part of each unit.
  let part: [Part]
  let training: [Int]
  let corpus: String
  let views = BlockViews()
  private var rows: [Row] = []
  /// Stage, arrangement and method of what is in `rows`.
  private var measured: Set<[String]> = []
  private(set) var pace = Pace(planned: 0)
  /// Ranking value of each arrangement, on the validation units.
  private var values: [Arrangement: Double] = [:]

  /// - Parameters:
  ///   - units: at least twice as many as the largest number of clusters.
  ///   - cacheFolder: keeps results for the next run.
  /// - Throws: `FeatureError` when there are too few units, `FileError`.
  package init(
    _ units: [LabelledUnit], _ parameters: Parameters, cacheFolder: String,
    progress: @escaping (String) -> Void
  ) throws {
    // By content, not by the site's keys: the same files give the same split and the same metrics anywhere.
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

  package func run() throws -> Outcome {
    let side = units.lazy.compactMap { $0.unit.images.first?.side }.first ?? 0
    let candidates = Candidate.all(parameters.features, side: side)
      .filter { parameters.networks || !$0.isNetwork }
    let honest = candidates.filter { !$0.isLeaking }
    let open = candidates.filter { $0.block != .tags || $0.isLeaking }
    let sources = candidates.map { Self.steps(of: $0) }.reduce(0, +)
    let searches = [honest, open].map { Self.steps(ofSearch: $0.count) }
    pace = Pace(planned: sources + searches[0] + searches[1])
    // Quick ones first, so that an interrupted run has results.
    for candidate in candidates.filter({ !$0.isNetwork }) + candidates.filter(\.isNetwork) {
      try measure(Arrangement(candidates: [candidate]), "sources")
    }
    sortRows(by: candidates.map { Arrangement(candidates: [$0]).name })
    pace.reach(sources)
    let blind = try fuse(honest)
    pace.reach(sources + searches[0])
    let leaking = try fuse(open)
    pace.reach(sources + searches[0] + searches[1])
    guard let blind else { throw FeatureError("no source gave any vectors") }
    let parts = Dictionary(grouping: part, by: \.rawValue)
    return Outcome(
      rows: rows, losses: try losses(of: blind), units: units.count,
      parts: parts.mapValues(\.count), chosen: blind, chosenLeaking: leaking ?? blind,
      configured: Arrangement(parameters.features, of: honest), corpus: corpus)
  }

  /// Fuses the best candidate of each source by every strategy. The configured arrangement stays unless another is
  /// clearly better. The same holds for each further step: another candidate for one source, because the best alone
  /// need not be the best in combination, or half or twice the weight of one source. Then leaves each source out.
  ///
  /// - Returns: the winner.
  private func fuse(_ candidates: [Candidate]) throws -> Arrangement? {
    let best = Block.allCases.compactMap { block in
      winner(candidates.filter { $0.block == block }.map { Arrangement(candidates: [$0]) })
    }.flatMap(\.candidates)
    let strategies = Configuration.Fusion.allCases.map {
      Arrangement(candidates: best, fusion: $0)
    }
    let configured = Arrangement(parameters.features, of: candidates)
    let starts = strategies + [configured].compactMap { $0 }
    for arrangement in starts { try measure(arrangement, "fusion") }
    guard let start = configured ?? winner(strategies) else { return nil }
    var chosen = better(starts, than: start)
    for _ in 0..<Self.rounds {
      let before = chosen
      for block in chosen.sources {
        let swapped = candidates.filter { $0.block == block }.map { chosen.with($0) }
        for arrangement in swapped { try measure(arrangement, "fusion", .kMeans) }
        chosen = better(swapped, than: chosen)
      }
      let steps = chosen.weightSteps + [chosen]
      for arrangement in steps { try measure(arrangement, "fusion", .kMeans) }
      chosen = better(steps, than: chosen)
      if chosen == before { break }
    }
    try measure(chosen, "fusion")
    for block in chosen.sources { try measure(chosen.without(block), "ablation") }
    return chosen
  }

  /// Steps of measuring one source by itself. Training a network takes as long as many clusterings.
  private static func steps(of candidate: Candidate) -> Double {
    Double(Grouping.allCases.count) + (candidate.isNetwork ? networkSteps : 0)
  }

  private static let networkSteps = 20.0

  /// Steps of `fuse` at most: the starts, the rounds, the winner, and the winner without each source.
  private static func steps(ofSearch candidates: Int) -> Double {
    let (blocks, methods) = (Block.allCases.count, Grouping.allCases.count)
    return Double(
      (Configuration.Fusion.allCases.count + 1 + 1 + blocks) * methods
        + rounds * (candidates + 2 * blocks + 1))
  }

  /// Maximum rounds of steps: more would fit the noise of few validation studies.
  private static let rounds = 3

  /// The winner, if its gain exceeds the variation among a hundred validation studies.
  private func better(_ arrangements: [Arrangement], than current: Arrangement) -> Arrangement {
    guard let best = winner(arrangements),
      values[best] ?? 0 > (values[current] ?? 0) + Self.leastGain
    else { return current }
    return best
  }

  /// Minimum gain in the sum of homogeneity and NMI.
  private static let leastGain = 0.02

  /// The arrangement with the highest sum of homogeneity and NMI on the validation units, by k-means, averaged
  /// over all numbers of clusters and seeds, because few units make each of them noisy.
  private func winner(_ arrangements: [Arrangement]) -> Arrangement? {
    arrangements.max { values[$0] ?? 0 < values[$1] ?? 0 }
  }

  /// Clusters by one method, or by all if `only` is `nil`.
  private func measure(_ arrangement: Arrangement, _ stage: String, _ only: Grouping? = nil) throws
  {
    guard !arrangement.candidates.isEmpty else { return }
    for grouping in only.map({ [$0] }) ?? Grouping.allCases {
      // Without tags, blind and leaking arrangements are the same.
      guard measured.insert([stage, arrangement.name, grouping.rawValue]).inserted else { continue }
      var isCached = true
      let found = try clusterings(arrangement, grouping) {
        isCached = false
        tell("\(stage): \(arrangement.name), \(grouping.rawValue)")
      }
      let trained =
        arrangement.candidates.count == 1 && grouping == Grouping.allCases[0]
        && arrangement.candidates[0].isNetwork
      pace.finish(trained ? 1 + Self.networkSteps : 1, isCached: isCached)
      if grouping == .kMeans {
        values[arrangement] =
          Spread(found.map { $0.validation.homogeneity + $0.validation.nmi }).mean
      }
      rows += found.map { row in
        var row = row
        row.stage = stage
        return row
      }
    }
  }

  func tell(_ text: String) { progress("\(pace.text(at: .now)): \(text)") }

  /// - Parameter names: names of all arrangements, in table order.
  private func sortRows(by names: [String]) {
    let found = Dictionary(grouping: rows, by: \.name)
    rows = names.flatMap { found[$0] ?? [] }
  }
}
