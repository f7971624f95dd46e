import Clustering
import Core
import Embeddings
import Store

/// How a new clustering differs from the generation in force. docs/drift.md explains the metrics.
package struct ReclusterMetrics: Sendable {
  /// Metrics for two clusterings of the same bundle. Distances between bundles are undefined.
  package struct Comparison: Sendable {
    /// The new inertia divided by that under the old reference centroids.
    package var inertiaRatio: Double
    /// The same, each unit measured from the centroids that the others alone would have: what the new fit gains for
    /// units that it hasn't seen.
    package var heldOutInertiaRatio: Double
    /// Mean and largest displacement of surviving clusters' centroids, in cluster radii.
    package var meanDisplacement: Double
    package var largestDisplacement: Double
  }

  /// The difference to another fit with other seeds on the same units: this much is not drift.
  package struct SeedFloor: Sendable {
    package var churn: Double
    package var adjustedRandIndex: Double
    package var normalizedMutualInformation: Double
    /// Silhouette of each number of clusters that was tried.
    package var silhouettes: [(k: Int, silhouette: Double)]
  }

  /// Agreement with a header value, over the units that have one.
  package struct TruthAgreement: Sendable {
    package var units: Int
    package var homogeneity: Double
    /// In nats.
    package var mutualInformation: Double
    package var normalizedMutualInformation: Double
  }

  package var units: Int
  /// Units annotated since the last promotion.
  package var windowUnits: Int
  package var k: Int
  package var iterations: Int
  package var inertia: Double
  package var occupancyPSI: Double?
  /// Its expected value for as many units without drift.
  package var expectedOccupancyPSI: Double?
  package var comparison: Comparison?
  /// Share of the units that change their cluster.
  package var churn: Double
  /// Agreement of both clusterings on the audit panel.
  package var audit: (units: Int, adjustedRandIndex: Double, normalizedMutualInformation: Double)
  package var fates: [Lineage.Fate: Int]
  package var born: Int
  package var modality: TruthAgreement?
  package var bodyPart: TruthAgreement?
  /// For a full fit only.
  package var seedFloor: SeedFloor?
}

extension ReclusterMetrics {
  /// - Parameters:
  ///   - window: units annotated since the last promotion, by permanent cluster.
  ///   - isSameSpace: whether the centroids of both clusterings can be compared.
  package init(
    _ snapshot: Snapshot, _ generation: LiveGeneration, window: [Int: Int], _ fit: Recluster.Fit,
    isSameSpace: Bool
  ) {
    let (result, lineage) = (fit.result, fit.lineage)
    let counts = generation.clusters.map { window[$0] ?? 0 }
    units = snapshot.points.count
    windowUnits = counts.reduce(0, +)
    k = result.centroids.k
    iterations = result.iterations
    inertia = result.inertia
    if windowUnits > 0 {
      occupancyPSI = DriftMetrics.populationStabilityIndex(
        reference: generation.occupancy, window: counts)
      expectedOccupancyPSI = DriftMetrics.expectedStabilityIndex(
        reference: generation.occupancy, window: counts)
    }
    comparison = isSameSpace ? Comparison(snapshot, generation, result, lineage) : nil
    churn = DriftMetrics.churn(old: snapshot.old, new: result.labels, lineage: lineage)
    let agreement = snapshot.audit(snapshot.old, result.labels)
    audit = (
      snapshot.panel.count, agreement.adjustedRandIndex, agreement.normalizedMutualInformation
    )
    fates = Dictionary(lineage.endings.map { ($0.fate, 1) }, uniquingKeysWith: +)
    born = lineage.identity.count { $0 == nil }
    modality = snapshot.agreement(snapshot.modalities, result.labels)
    bodyPart = snapshot.agreement(snapshot.bodyParts, result.labels)
    seedFloor = fit.seedFloor
  }
}

extension ReclusterMetrics.Comparison {
  fileprivate init(
    _ snapshot: Snapshot, _ generation: LiveGeneration, _ result: KMeans.Result, _ lineage: Lineage
  ) {
    let before = generation.reference.assign(snapshot.points)
    let inertia = before.distances.reduce(0.0) { $0 + Double($1) * Double($1) }
    inertiaRatio = inertia > 0 ? result.inertia / inertia : 1
    let heldOut = DriftMetrics.heldOutInertia(
      before.labels, before.distances, occupancy: generation.occupancy,
      isMember: { snapshot.wasFitted[$0] })
    heldOutInertiaRatio =
      heldOut > 0
      ? DriftMetrics.heldOutInertia(
        result.labels, result.distances,
        occupancy: occupancy(result.labels, k: result.centroids.k), isMember: { _ in true })
        / heldOut : 1
    let displacement = DriftMetrics.displacement(
      generation.reference, result.centroids, lineage: lineage, radii: generation.radii
    ).compactMap { $0 }
    meanDisplacement = displacement.reduce(0, +) / Double(max(1, displacement.count))
    largestDisplacement = displacement.max() ?? 0
  }
}

// MARK: JSON for the log and the control socket

extension ReclusterMetrics {
  package var json: JSON {
    func figure(_ value: Double?) -> JSON { value.map { .figure($0) } ?? .null }
    var fields: [(key: String, value: JSON)] = [
      ("units", .int(units)), ("window_units", .int(windowUnits)), ("k", .int(k)),
      ("iterations", .int(iterations)), ("inertia", .figure(inertia)),
      ("occupancy_psi", figure(occupancyPSI)),
      ("occupancy_psi_expected", figure(expectedOccupancyPSI)),
      ("inertia_ratio", figure(comparison?.inertiaRatio)),
      ("held_out_inertia_ratio", figure(comparison?.heldOutInertiaRatio)),
      ("displacement_mean", figure(comparison?.meanDisplacement)),
      ("displacement_max", figure(comparison?.largestDisplacement)), ("churn", .figure(churn)),
      ("audit_units", .int(audit.units)), ("audit_ari", .figure(audit.adjustedRandIndex)),
      ("audit_nmi", .figure(audit.normalizedMutualInformation)),
    ]
    fields += Lineage.Fate.allCases.map { ($0.rawValue, .int(fates[$0] ?? 0)) }
    fields += [
      ("born", .int(born)), ("modality", modality?.json ?? .null),
      ("body_part", bodyPart?.json ?? .null),
    ]
    return .object(fields + (seedFloor?.fields ?? []))
  }
}

extension ReclusterMetrics.TruthAgreement {
  fileprivate var json: JSON {
    [
      "units": .int(units), "homogeneity": .figure(homogeneity),
      "mutual_information": .figure(mutualInformation), "nmi": .figure(normalizedMutualInformation),
    ]
  }
}

extension ReclusterMetrics.SeedFloor {
  fileprivate var fields: [(key: String, value: JSON)] {
    [
      ("seed_churn", .figure(churn)), ("seed_ari", .figure(adjustedRandIndex)),
      ("seed_nmi", .figure(normalizedMutualInformation)),
      (
        "k_curve",
        .array(silhouettes.map { ["k": .int($0.k), "silhouette": .figure($0.silhouette)] })
      ),
    ]
  }
}
