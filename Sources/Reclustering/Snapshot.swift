import Clustering
import Core
import Embeddings
import Features
import Store

/// Every unit as a recluster uses it: its vector, its current cluster, and the header values that clusters are compared
/// with.
package struct Snapshot: Sendable {
  package let points: Points
  package let unitKeys: [String]
  /// Position of each unit's cluster in the generation in force.
  package let old: [Int]
  /// Whether the generation in force was fitted on the unit.
  package let wasFitted: [Bool]
  package let modalities: [String?]
  package let bodyParts: [String?]
  /// It includes everything up to this event.
  package let throughSequence: Int
  /// Indices of the audit panel: the units with the smallest keys, which are effectively random and mostly stay the
  /// same while the archive grows.
  package let panel: [Int]

  package static let panelSize = 2_000

  /// Reads over a connection of its own.
  ///
  /// - Parameter source: provides the vectors instead of the archive's own store.
  /// - Throws: `StoreError`, `FileError`.
  package init(
    _ configuration: Configuration, _ generation: LiveGeneration,
    from source: VectorSource?
  ) throws {
    let store = try configuration.state.storeLocation.open(readOnly: true)
    let other = try source.map { try $0.store.open(readOnly: true) }
    let bundle = source?.bundle
    throughSequence = try source?.through ?? store.lastSequence()
    var points = Points(layout: bundle?.fusion.layout ?? generation.reference.layout)
    points.reserve(try (other ?? store).unitCount())
    var keys: [String] = []
    var old: [Int] = []
    var wasFitted: [Bool] = []
    var modalities: [String?] = []
    var bodyParts: [String?] = []
    let positions = generation.positions
    try (other ?? store).vectors(bundle: bundle?.hash ?? generation.bundle) { unit, vector in
      let cluster = other == nil ? unit.cluster : try store.unit(unit.unitKey)?.cluster
      guard let position = cluster.flatMap({ positions[$0] }) else { return }
      points.append(vector, mask: unit.mask)
      keys.append(unit.unitKey)
      old.append(position)
      wasFitted.append(unit.windowGeneration != generation.number)
      modalities.append(unit.modality)
      bodyParts.append(unit.bodyPart)
    }
    self.points = points
    self.old = old
    self.wasFitted = wasFitted
    self.modalities = modalities
    self.bodyParts = bodyParts
    unitKeys = keys
    // The store returns units in order of key.
    panel = Array(keys.indices.prefix(Self.panelSize))
  }

  /// Agreement over the units with a known truth; `nil` if there are none.
  package func agreement(_ truth: [String?], _ labels: [Int]) -> ReclusterMetrics.TruthAgreement? {
    let known = truth.indices.filter { truth[$0] != nil }
    guard !known.isEmpty else { return nil }
    let agreement = Agreement(truth: known.map { truth[$0] }, clusters: known.map { labels[$0] })
    return .init(
      units: known.count, homogeneity: agreement.homogeneity,
      mutualInformation: agreement.mutualInformation,
      normalizedMutualInformation: agreement.normalizedMutualInformation)
  }

  /// Which clusters of the generation in force survive in another clustering.
  ///
  /// - Parameter isSameSpace: whether distances between the two are defined.
  package func lineage(
    _ result: KMeans.Result, _ generation: LiveGeneration, isSameSpace: Bool = true
  )
    -> Lineage
  {
    Lineage(
      old: old, new: result.labels,
      distances: isSameSpace
        ? generation.online.distances(to: result.centroids)
        : generation.clusters.map { _ in [Double](repeating: 0, count: result.centroids.k) })
  }

  /// Agreement of two labellings on the audit panel.
  package func audit(_ first: [Int], _ second: [Int]) -> Agreement {
    Agreement(truth: panel.map { first[$0] }, clusters: panel.map { second[$0] })
  }
}
