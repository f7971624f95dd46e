import Clustering
import Core
import Features
import Foundation
import Store

/// Everything the review pages show, read from the store at one moment.
package struct Archive: Sendable {
  package let generations: [GenerationRecord]
  package private(set) var clusters: [ClusterProfile]
  package let units: Int
  package let modality: Mix
  package let bodyPart: Mix
  /// Agreement of clusters with modality and body part; `nil` when no unit states them.
  package let agreements: (modality: Agreement?, bodyPart: Agreement?)
  /// The extractor of each block, and how `train --select` chose them; `nil` when the configuration did.
  let models: (extractors: [String: String], selection: String?)
  let map: EmbeddingMap
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
  /// - Throws: `StoreError`; `FileError` when there is no generation yet.
  package init(_ store: any Store, bundles: String, minimumPatients: Int) throws {
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
    let centroids = Centroids(
      layout: layout, k: centers.count, values: centers.flatMap(\.onlineVector),
      weights: centers.flatMap(\.weights))

    var census = Census(centers.map(\.cluster), seed: UInt64(generation.number))
    try store.units(bundle: generation.bundle) { census.add($0, centroids) }
    units = census.count
    modality = Mix(census.modality.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) })
    bodyPart = Mix(census.bodyPart.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) })
    agreements = (census.agreement(census.modality), census.agreement(census.bodyPart))

    let terms = try bundle.text.map {
      try DistinctiveTerms(
        termsOf: store, bundle: generation.bundle, vocabulary: $0.vocabulary,
        minimumPatients: minimumPatients)
    }
    let tags = try DistinctiveTerms(
      tagsOf: store, bundle: generation.bundle, step: max(1, census.count / Self.tagSample),
      minimumPatients: minimumPatients)
    let records = Dictionary(uniqueKeysWithValues: try store.clusters().map { ($0.id, $0) })
    let between = Self.distances(centroids)
    clusters = try centers.enumerated().compactMap { position, center in
      guard let record = records[center.cluster] else { return nil }
      let members = census.members(position)
      var profile = ClusterProfile(
        record: record, size: members.count, modality: Mix(census.modality[position]),
        bodyPart: Mix(census.bodyPart[position]),
        spread: members.reduce(0) { $0 + Double($1.distance) } / Double(max(1, members.count)),
        members: try Members(members, layout: layout, store: store),
        neighbours: centers.indices.filter { $0 != position }
          .sorted { between[position, $0] < between[position, $1] }.prefix(4)
          .map { (centers[$0].cluster, Double(between[position, $0])) })
      profile.terms = terms?.strongest(center.cluster, 8) ?? []
      profile.tags = tags.strongest(center.cluster, 4)
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

  /// A copy with the clusters' current names and trust.
  package func reviewed(_ records: [ClusterRecord]) -> Archive {
    let current = Dictionary(uniqueKeysWithValues: records.map { ($0.id, $0) })
    var archive = self
    for index in clusters.indices {
      if let record = current[clusters[index].record.id] { archive.clusters[index].record = record }
    }
    return archive
  }

  private static func distances(_ centroids: Centroids) -> Matrix<Float> {
    var points = Points(layout: centroids.layout)
    for index in 0..<centroids.k {
      points.append(Embedding(values: Array(centroids.row(index)), mask: .all))
    }
    return points.pairwiseDistances()
  }

  /// A current cluster by its label, such as `c0017`.
  func cluster(_ label: some StringProtocol) -> ClusterProfile? {
    let id = Int(label.drop { $0 == "c" })
    return clusters.first { $0.record.id == id && $0.label == label }
  }

  /// The cluster of a page, by the page's path.
  package func cluster(page path: String) -> ClusterProfile? {
    path.wholeMatch(of: /clusters\/(c\d+)\.html/).flatMap { cluster($0.1) }
  }

  /// The cluster of a picture, by the picture's path.
  func cluster(picture path: String) -> ClusterProfile? {
    path.wholeMatch(of: /img\/(c\d+)(?:-medoid)?\.png/).flatMap { cluster($0.1) }
  }
}
