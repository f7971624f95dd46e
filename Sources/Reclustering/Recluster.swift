import Clustering
import Core
import Embeddings
import Features
import Foundation
import Store

/// A clustering of every unit that may become the next generation. It is computed in the background on a snapshot while
/// annotation continues.
package struct Recluster: Sendable {
  package struct Request: Sendable {
    package enum Source: Sendable {
      /// A full fit.
      case fit
      /// A fit that was pending approval and has been approved, and the proposals that it followed.
      case pendingApproval(FrozenClustering, proposals: [Int])
      /// An earlier generation.
      case generation(Int)
      /// A full fit over the vectors of another bundle.
      case bundle(BundleHash)
    }

    package var trigger: Trigger
    /// Report only.
    package var dryRun: Bool
    /// Keep it for approval.
    package var hold: Bool
    package var source: Source

    package init(
      trigger: Trigger, dryRun: Bool = false, hold: Bool = false, source: Source = .fit
    ) {
      self.trigger = trigger
      self.dryRun = dryRun
      self.hold = hold
      self.source = source
    }
  }

  package let request: Request
  /// Where the vectors come from; `nil` for the archive's own store.
  package let source: VectorSource?
  package let throughSequence: Int
  package let unitKeys: [String]
  package let fit: Fit
  package let metrics: ReclusterMetrics

  /// A clustering of the snapshot's units.
  package struct Fit: Sendable {
    /// Position in the clustering and distance to the centroid by unit, and the inertia.
    package let result: KMeans.Result
    package let clustering: FrozenClustering
    package let lineage: Lineage
    /// Permanent cluster of each position for a rollback; `nil` for any other fit.
    package let clusters: [Int]?
    /// For a full fit only.
    package let seedFloor: ReclusterMetrics.SeedFloor?
    /// Numbers of the proposals that it follows.
    package let proposals: [Int]
    /// See `GenerationRecord.addedClusters`.
    package let addedClusters: Int
  }

  /// - Parameters:
  ///   - source: provides the vectors instead of the archive's own store.
  ///   - progress: receives each step, in words.
  /// - Returns: `nil` when cancelled or when there is nothing to cluster.
  /// - Throws: `StoreError`, `FileError`; `FeatureError` when the earlier generation doesn't exist or has another
  ///   bundle.
  package static func make(
    _ request: Request, configuration: Configuration, generation: LiveGeneration,
    from source: VectorSource? = nil, cancelled: @escaping () -> Bool,
    progress: (String) -> Void = { _ in }
  ) throws -> Recluster? {
    progress("reading vectors")
    let snapshot = try Snapshot(configuration, generation, from: source)
    guard snapshot.points.count > 0 else { return nil }
    let store = try configuration.state.storeLocation.open(readOnly: true)
    let fit: Fit
    switch request.source {
    case .fit, .bundle:
      guard
        let full = try Self.fit(
          snapshot, configuration.clustering, generation, store, isSameSpace: source == nil,
          cancelled, progress)
      else { return nil }
      fit = full
    case .pendingApproval(let held, let proposals):
      let result = KMeans.Result(
        assigning: snapshot.points, to: held.centroids(snapshot.points.layout))
      fit = Fit(
        result: result, clustering: held, lineage: snapshot.lineage(result, generation),
        clusters: nil, seedFloor: nil, proposals: proposals,
        addedClusters: try addedClusters(store)
          + store.proposals().filter { proposals.contains($0.number) }.addedClusters)
    case .generation(let number):
      fit = try Self.earlier(number, snapshot, generation, store)
    }
    let metrics = ReclusterMetrics(
      snapshot, generation, window: try store.windowSizes(generation: generation.number), fit,
      isSameSpace: source == nil)
    return Recluster(
      request: request, source: source, throughSequence: snapshot.throughSequence,
      unitKeys: snapshot.unitKeys, fit: fit, metrics: metrics)
  }

  /// Assigns the units to an earlier generation's centroids.
  private static func earlier(
    _ number: Int, _ snapshot: Snapshot, _ generation: LiveGeneration, _ store: any Store
  ) throws -> Fit {
    guard let record = try store.generations().first(where: { $0.number == number }) else {
      throw FeatureError(
        "there is no generation \(number); radiologynetctl generations lists them")
    }
    guard record.bundle == generation.bundle else {
      throw FeatureError(
        "generation \(number) is of bundle \(record.bundle); activate that one first with "
          + "radiologynetctl bundle activate")
    }
    let live = try LiveGeneration(record, layout: snapshot.points.layout, store: store)
    let result = KMeans.Result(assigning: snapshot.points, to: live.reference)
    var lineage = snapshot.lineage(result, generation)
    lineage.keep(generation.clusters, as: live.clusters)
    return Fit(
      result: result, clustering: FrozenClustering(live, result),
      lineage: lineage, clusters: live.clusters, seedFloor: nil, proposals: [],
      addedClusters: record.addedClusters)
  }

  private static func addedClusters(_ store: any Store) throws -> Int {
    try store.generations().first?.addedClusters ?? 0
  }

  /// A full fit with its seed floor: the difference to another fit with other seeds on the same units.
  private static func fit(
    _ snapshot: Snapshot, _ settings: Configuration.Clustering, _ generation: LiveGeneration,
    _ store: any Store, isSameSpace: Bool, _ cancelled: () -> Bool, _ progress: (String) -> Void
  ) throws -> Fit? {
    // The generation's number gives each recluster random choices of its own.
    let seed = settings.seed &+ UInt64(generation.number) << 32
    let proposals = isSameSpace ? try store.proposals() : []
    let seeds = ProposedSeeds(proposals, snapshot, generation, seed: seed)
    let heeded = proposals.filter { seeds?.heeded.contains($0.number) ?? false }
    let added = try addedClusters(store) + heeded.addedClusters
    guard
      let (settled, curve) = settings.kMeans(
        for: snapshot.points, seed: seed, present: generation.clusters.count, added: added,
        cancelled: cancelled)
    else { return nil }
    var kMeans = settled
    var other = settled
    if let seeds {
      // Random starts may fit better by undoing what was proposed.
      (kMeans.k, kMeans.restarts) = (seeds.centroids.k, 0)
      other.k = seeds.centroids.k
    }
    guard
      let result = kMeans.fit(
        snapshot.points, warmStart: seeds?.centroids ?? (isSameSpace ? generation.online : nil),
        cancelled: cancelled, progress: progress)
    else { return nil }
    other.seed = seed &+ 1 << 16
    guard
      let floor = other.fit(
        snapshot.points, cancelled: cancelled, progress: { progress("seed floor: " + $0) })
    else { return nil }
    let between = Lineage(
      old: result.labels, new: floor.labels,
      distances: result.centroids.distances(to: floor.centroids))
    let audit = snapshot.audit(result.labels, floor.labels)
    return Fit(
      result: result, clustering: FrozenClustering(result),
      lineage: snapshot.lineage(result, generation, isSameSpace: isSameSpace), clusters: nil,
      seedFloor: .init(
        churn: DriftMetrics.churn(old: result.labels, new: floor.labels, lineage: between),
        adjustedRandIndex: audit.adjustedRandIndex,
        normalizedMutualInformation: audit.normalizedMutualInformation,
        silhouettes: curve.map { ($0.k, $0.silhouette) }),
      proposals: heeded.map(\.number), addedClusters: added)
  }
}

extension Centroids {
  /// `k` × `other.k` distances between centroids, with all blocks present.
  package func distances(to other: Centroids) -> [[Double]] {
    let rows = (0..<other.k).map { Embedding(values: Array(other.row($0)), mask: .all) }
    return (0..<k).map { index in rows.map { squaredDistance($0, to: index).squareRoot() } }
  }
}
