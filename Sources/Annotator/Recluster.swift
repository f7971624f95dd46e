import Clustering
import Core
import Features
import Store

/// A full fit over every unit, made in the background on a snapshot while annotation goes on.
struct Recluster: Sendable {
  struct Request: Sendable {
    /// `manual`, `scheduled`, `bundle`.
    var reason: String
    /// Report only.
    var dryRun: Bool
  }

  let request: Request
  /// The vectors of another bundle that the fit is over; `nil` where the bundle stays.
  let reembedding: Reembedding?
  /// Everything up to this event is in the snapshot.
  let throughSequence: Int
  let unitKeys: [String]
  /// By unit: position in the new clustering.
  let positions: [Int]
  let clustering: FrozenClustering
  let lineage: Lineage
  let figures: JSON

  /// Reads the embeddings from a connection of its own and fits them.
  ///
  /// - Parameter reembedding: gives the vectors instead of the store, as they were at event `through`.
  /// - Returns: `nil` when cancelled or when there is nothing to cluster.
  static func fit(
    _ request: Request, configuration: Configuration, generation: LiveGeneration,
    from reembedding: (Reembedding, through: Int)? = nil, cancelled: () -> Bool
  ) throws -> Recluster? {
    let store = try Store(path: configuration.state.store, readOnly: true)
    let other = try reembedding.map { try Store(path: $0.0.store, readOnly: true) }
    let bundle = reembedding?.0.bundle
    let through = try reembedding?.through ?? store.lastSequence()
    var points = Points(layout: bundle?.fusion.layout ?? generation.reference.layout)
    var keys: [String] = []
    var old: [Int] = []
    var truths = Truths()
    let oldPositions = generation.positions
    try (other ?? store).units(bundle: bundle?.hash ?? generation.bundle) { unit in
      let known = other == nil ? unit : try store.unit(unit.unitKey)
      guard let position = known.flatMap({ oldPositions[$0.cluster] }) else { return }
      points.append(unit.embedding)
      keys.append(unit.unitKey)
      old.append(position)
      truths.append(unit)
    }
    guard points.count > 0 else { return nil }
    let settings = configuration.clustering
    // The generation's number keeps one recluster's random choices apart from the next one's.
    let kMeans = KMeans(
      k: settings.k, seeds: settings.seeds, seed: settings.seed &+ UInt64(generation.number) << 32)
    let before = other == nil ? generation.online : nil
    guard let fit = kMeans.fit(points, warmStart: before, cancelled: cancelled) else { return nil }
    // By the same exact distances as annotations, so that a label and its line in the log always agree.
    let positions = (0..<points.count).map { fit.centroids.assign(points[$0]).cluster }
    let lineage = Lineage(
      old: old, new: positions,
      // Between centres of two bundles there is no distance.
      distances: before?.distances(to: fit.centroids)
        ?? generation.clusters.map { _ in [Double](repeating: 0, count: fit.centroids.k) })
    return Recluster(
      request: request, reembedding: reembedding?.0, throughSequence: through, unitKeys: keys,
      positions: positions,
      clustering: FrozenClustering(fit), lineage: lineage,
      figures: try figures(
        generation, fit, lineage, old: old, points: points, truths: truths, store: store,
        isSameSpace: other == nil))
  }

  private static func figures(
    _ generation: LiveGeneration, _ fit: KMeans.Result, _ lineage: Lineage, old: [Int],
    points: Points,
    truths: Truths, store: Store, isSameSpace: Bool
  ) throws -> JSON {
    let window = try store.windowSizes(generation: generation.number)
    let counts = generation.clusters.map { window[$0] ?? 0 }
    let displacement =
      isSameSpace
      ? DriftFigures.displacement(
        generation.reference, fit.centroids, lineage: lineage, radii: generation.radii
      ).compactMap { $0 } : []
    let fates = Dictionary(lineage.endings.map { ($0.fate, 1) }, uniquingKeysWith: +)
    return [
      "units": .int(points.count), "window_units": .int(counts.reduce(0, +)),
      "k": .int(fit.centroids.k), "iterations": .int(fit.iterations),
      "inertia": .figure(fit.inertia),
      "occupancy_psi": .figure(
        DriftFigures.populationStabilityIndex(reference: generation.occupancy, window: counts)),
      "occupancy_psi_expected": .figure(
        DriftFigures.expectedStabilityIndex(reference: generation.occupancy, window: counts)),
      // Between two bundles centres and distances can't be compared.
      "inertia_ratio": isSameSpace ? .figure(inertiaRatio(generation, fit, points)) : .null,
      "displacement_mean": isSameSpace
        ? .figure(displacement.reduce(0, +) / Double(max(1, displacement.count))) : .null,
      "displacement_max": isSameSpace ? .figure(displacement.max() ?? 0) : .null,
      "churn": .figure(DriftFigures.churn(old: old, new: fit.labels, lineage: lineage)),
      "survived": .int(fates[.survived] ?? 0), "split": .int(fates[.split] ?? 0),
      "merged": .int(fates[.merged] ?? 0), "died": .int(fates[.died] ?? 0),
      "born": .int(lineage.identity.filter { $0 == nil }.count),
      "modality": truths.agreement(truths.modalities, fit.labels),
      "body_part": truths.agreement(truths.bodyParts, fit.labels),
    ]
  }
}

extension Recluster {
  /// The fit's inertia over that under the old reference centres.
  private static func inertiaRatio(
    _ generation: LiveGeneration, _ fit: KMeans.Result, _ points: Points
  ) -> Double {
    let squares = generation.reference.assign(points).distances
      .reduce(0.0) { $0 + Double($1) * Double($1) }
    return squares > 0 ? fit.inertia / squares : 1
  }
}

/// What clusters are judged against, by unit.
private struct Truths {
  var modalities: [String?] = []
  var bodyParts: [String?] = []

  mutating func append(_ unit: UnitRecord) {
    modalities.append(unit.modality)
    bodyParts.append(unit.bodyPart)
  }

  /// Over the units whose truth is known.
  func agreement(_ truth: [String?], _ labels: [Int]) -> JSON {
    let known = truth.indices.filter { truth[$0] != nil }
    guard !known.isEmpty else { return .null }
    let agreement = Agreement(truth: known.map { truth[$0] }, clusters: known.map { labels[$0] })
    return [
      "units": .int(known.count), "homogeneity": .figure(agreement.homogeneity),
      "mutual_information": .figure(agreement.mutualInformation),
      "nmi": .figure(agreement.normalizedMutualInformation),
    ]
  }
}

extension Centroids {
  /// Distances from each of these centres to each of others, all blocks present.
  func distances(to other: Centroids) -> [[Double]] {
    let rows = (0..<other.k).map { Embedding(values: Array(other.row($0)), mask: .all) }
    return (0..<k).map { index in rows.map { squaredDistance($0, to: index).squareRoot() } }
  }
}
