import Clustering
import Core
import Features
import Foundation
import Store

/// A clustering of every unit that may become the next generation: made in the background on a snapshot while
/// annotation goes on.
struct Recluster: Sendable {
  struct Request: Sendable {
    enum Source: Sendable {
      /// A full fit.
      case fit
      /// A fit that was held and is approved now.
      case held(FrozenClustering)
      /// An earlier generation.
      case generation(Int)
    }

    /// `manual`, `scheduled`, `drift`, `bundle`, `rollback`.
    var reason: String
    /// Report only.
    var dryRun = false
    /// Keep it for approval.
    var hold = false
    var source = Source.fit
  }

  let request: Request
  /// The vectors of another bundle that the fit is over; `nil` where the bundle stays.
  let reembedding: Reembedding?
  let throughSequence: Int
  let unitKeys: [String]
  /// By unit: position in the new clustering.
  let positions: [Int]
  let clustering: FrozenClustering
  let lineage: Lineage
  /// Permanent cluster of each position where these are given, after a rollback.
  let clusters: [Int]?
  let figures: JSON

  /// - Parameters:
  ///   - reembedding: gives the vectors instead of the store, as they were at event `through`.
  ///   - progress: told what is being done.
  /// - Returns: `nil` when cancelled or when there is nothing to cluster.
  static func make(
    _ request: Request, configuration: Configuration, generation: LiveGeneration,
    from reembedding: (Reembedding, through: Int)? = nil, cancelled: @escaping () -> Bool,
    progress: (String) -> Void = { _ in }
  ) throws -> Recluster? {
    progress("reading vectors")
    let snapshot = try Snapshot(configuration, generation, from: reembedding)
    guard snapshot.points.count > 0 else { return nil }
    let layout = snapshot.points.layout
    let store = try Store(path: configuration.state.store, readOnly: true)
    var earlier: LiveGeneration?
    let result: KMeans.Result
    let clustering: FrozenClustering
    var seedFloor: JSON = [:]
    switch request.source {
    case .fit:
      guard
        let fit = try fit(
          snapshot, configuration.clustering, generation,
          warmStart: reembedding == nil ? generation.online : nil, cancelled, progress)
      else { return nil }
      (result, seedFloor) = fit
      clustering = FrozenClustering(result)
    case .held(let held):
      clustering = held
      result = KMeans.Result(assigning: snapshot.points, to: held.centroids(layout))
    case .generation(let number):
      guard let record = try store.generations().first(where: { $0.number == number }) else {
        throw FeatureError(
          "there is no generation \(number); radiologynetctl generations lists them")
      }
      guard record.bundle == generation.bundle else {
        throw FeatureError(
          "generation \(number) is of bundle \(record.bundle); activate that one first with "
            + "radiologynetctl bundle activate")
      }
      let live = try LiveGeneration(record, layout: layout, store: store)
      earlier = live
      clustering = FrozenClustering(live, inertia: record.inertia)
      result = KMeans.Result(assigning: snapshot.points, to: live.reference)
    }
    var lineage = Lineage(
      old: snapshot.old, new: result.labels,
      // Between centres of two bundles there is no distance.
      distances: reembedding == nil
        ? generation.online.distances(to: result.centroids)
        : generation.clusters.map { _ in [Double](repeating: 0, count: result.centroids.k) })
    if let earlier { lineage.keep(generation.clusters, as: earlier.clusters) }
    var figures = try ReclusterFigures(
      snapshot: snapshot, generation: generation, result: result, lineage: lineage,
      isSameSpace: reembedding == nil
    ).json(store)
    if case .object(let fields) = figures, case .object(let floor) = seedFloor {
      figures = .object(fields + floor)
    }
    return Recluster(
      request: request, reembedding: reembedding?.0, throughSequence: snapshot.throughSequence,
      unitKeys: snapshot.unitKeys, positions: result.labels, clustering: clustering,
      lineage: lineage, clusters: earlier?.clusters, figures: figures)
  }

  /// A full fit, and how far another one from other seeds on the same units is from it: what differs between the
  /// two is no drift.
  private static func fit(
    _ snapshot: Snapshot, _ settings: Configuration.Clustering, _ generation: LiveGeneration,
    warmStart: Centroids?, _ cancelled: () -> Bool, _ progress: (String) -> Void
  ) throws -> (KMeans.Result, JSON)? {
    // The generation's number keeps one recluster's random choices apart from the next one's.
    let seed = settings.seed &+ UInt64(generation.number) << 32
    guard
      let (kMeans, curve) = settings.kMeans(
        for: snapshot.points, seed: seed, present: generation.clusters.count, cancelled: cancelled)
    else { return nil }
    guard
      let fit = kMeans.fit(
        snapshot.points, warmStart: warmStart, cancelled: cancelled, progress: progress)
    else { return nil }
    let other = KMeans(k: kMeans.k, seeds: settings.seeds, seed: seed &+ 1 << 16)
    guard
      let floor = other.fit(
        snapshot.points, cancelled: cancelled, progress: { progress("seed floor: " + $0) })
    else { return nil }
    let lineage = Lineage(
      old: fit.labels, new: floor.labels, distances: fit.centroids.distances(to: floor.centroids))
    let audit = snapshot.audit(fit.labels, floor.labels)
    return (
      fit,
      [
        "seed_churn": .figure(
          DriftFigures.churn(old: fit.labels, new: floor.labels, lineage: lineage)),
        "seed_ari": .figure(audit.adjustedRandIndex),
        "seed_nmi": .figure(audit.normalizedMutualInformation),
        "k_curve": .array(
          curve.map { ["k": .int($0.k), "silhouette": .figure($0.silhouette)] }),
      ]
    )
  }
}

extension Centroids {
  /// Distances from each of these centres to each of others, all blocks present.
  func distances(to other: Centroids) -> [[Double]] {
    let rows = (0..<other.k).map { Embedding(values: Array(other.row($0)), mask: .all) }
    return (0..<k).map { index in rows.map { squaredDistance($0, to: index).squareRoot() } }
  }
}
