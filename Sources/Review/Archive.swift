import Clustering
import Core
import Features
import Foundation
import Store

/// Everything the review pages show, read from the store at one moment.
package struct Archive: Sendable {
  package let moment: Moment
  package let generations: [GenerationRecord]
  package private(set) var clusters: [ClusterProfile]
  private(set) var state: ReviewState
  package let units: Int
  package let modality: Mix
  package let bodyPart: Mix
  /// Agreement of clusters with modality and body part; `nil` when no unit states them.
  package let agreements: (modality: Agreement?, bodyPart: Agreement?)
  /// The extractor of each block, and how `train --select` chose them; `nil` when the configuration did.
  let models: (extractors: [String: String], selection: String?)
  let space: ClusterSpace
  let words: ShownWords
  private(set) var map: EmbeddingMap
  let drift: [DriftRecord]
  /// By generation: its clusters and their numbers of units at the promotion.
  let occupancies: [Int: [(cluster: Int, units: Int)]]
  let lineage: [JSON]
  let throughput: [(time: String, units: Int)]
  let files: [String: Int]
  let quarantine: [QuarantineEntry]
  let waiting: [WaitingKind: (count: Int, oldest: Double)]

  /// Approximate maximum number of units whose tags are read.
  private static let tagSample = 20_000

  /// - Parameters:
  ///   - bundles: the folder of the bundles, which hold the vocabularies.
  ///   - minimumPatients: words and tags of fewer patients are not shown, whatever the bundle holds.
  ///   - changeLimit: how far a cluster may move before its review no longer counts, from 0 to 1.
  /// - Throws: `StoreError`; `FileError` when there is no generation yet.
  package init(_ store: any Store, bundles: String, minimumPatients: Int, changeLimit: Double)
    throws
  {
    moment = Moment(time: timestamp(), event: try store.lastSequence())
    generations = try store.generations()
    guard let generation = generations.first else {
      throw FileError(
        path: store.place, problem: "there is no generation yet: radiologynetd opens the first one",
        exitCode: .data)
    }
    let bundle = try asOwner(of: store.place.parentFolder) {
      try ModelBundle(contentsOf: bundles + "/" + generation.bundle, programs: .leftOut)
    }
    models = (bundle.manifest.extractors, bundle.manifest.selection)
    let centers = try store.centroids(generation: generation.number)
    let layout = bundle.fusion.layout
    let space = ClusterSpace(centers, layout: layout)
    self.space = space

    var census = Census(centers.map(\.cluster), seed: UInt64(generation.number))
    try store.units(bundle: generation.bundle) { census.add($0, space) }
    units = census.count
    modality = Mix(census.modality.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) })
    bodyPart = Mix(census.bodyPart.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) })
    agreements = (census.agreement(census.modality), census.agreement(census.bodyPart))

    let vocabulary = bundle.text?.words ?? []
    let terms = try DistinctiveTerms(
      termsOf: store, bundle: generation.bundle, words: vocabulary,
      minimumPatients: minimumPatients)
    let tags = try DistinctiveTerms(
      tagsOf: store, bundle: generation.bundle, step: max(1, census.count / Self.tagSample),
      minimumPatients: minimumPatients)
    words = ShownWords(vocabulary: vocabulary, terms: terms.shown, tags: tags.shown)
    let state = try ReviewState(store, changeLimit: changeLimit)
    self.state = state
    var names: Set<String> = []
    clusters = try centers.enumerated().compactMap { position, center in
      guard let record = state.clusters[center.cluster] else { return nil }
      let members = census.members(position)
      var profile = ClusterProfile(
        record: record, modality: Mix(census.modality[position]),
        bodyPart: Mix(census.bodyPart[position]),
        spread: members.reduce(0) { $0 + Double($1.distance) } / Double(max(1, members.count)),
        keys: members.map(\.key),
        members: try Members(members, layout: layout, store: store),
        neighbours: space.neighbours(center.cluster, 4))
      profile.terms = terms.strongest(center.cluster, 8)
      profile.tags = tags.strongest(center.cluster, 4)
      profile.review = state.reviews[center.cluster]
      profile.change = state.changes[center.cluster]
      profile.suggestedName =
        SuggestedName(
          profile, words: terms.strongest(center.cluster, 12, share: 0.2, lift: 2), besides: names
        ).text
      names.insert(profile.suggestedName.lowercased())
      return profile
    }.sorted { ($0.size, $1.record.id) > ($1.size, $0.record.id) }
    map = EmbeddingMap(census.sample, centers: centers)
    drift = try store.driftWindows(generation: nil)
    lineage = try store.events(.lineage)
    occupancies = try Dictionary(
      uniqueKeysWithValues: generations.map { generation in
        (
          generation.number,
          try store.occupancies(generation: generation.number)
        )
      })
    throughput = try store.throughput()
    files = try store.fileCounts()
    quarantine = try store.quarantined()
    waiting = try store.waitingSummary()
  }

  mutating func adopt(_ state: ReviewState) {
    self.state = state
    for index in clusters.indices {
      let id = clusters[index].record.id
      if let record = state.clusters[id] { clusters[index].record = record }
      clusters[index].review = state.reviews[id]
      clusters[index].change = state.changes[id]
    }
  }

  /// Adds the map's layout by neighbours: seconds for a large archive.
  package mutating func layOutNeighbours() { map.layOutNeighbours() }

  /// A current cluster by its number.
  package func cluster(_ id: Int) -> ClusterProfile? { clusters.first { $0.record.id == id } }

  /// The number in a label, such as `c0017`, if it is written as labels are.
  package static func number(_ label: some StringProtocol) -> Int? {
    guard let id = Int(label.drop { $0 == "c" }), ClusterRecord.label(id) == label else {
      return nil
    }
    return id
  }
}

/// Words and tag values that enough patients share to be shown.
struct ShownWords: Sendable {
  /// The word of each term.
  let vocabulary: [String]
  let terms: Set<String>
  /// Such as `Manufacturer ACME`.
  let tags: Set<String>
}
