import Clustering
import Core
import Store

/// How a new clustering differs from the generation in force. docs/drift.md says how to read it.
struct ReclusterFigures {
  let snapshot: Snapshot
  let generation: LiveGeneration
  let result: KMeans.Result
  let lineage: Lineage
  /// Whether centres and distances of the two can be compared: not between two bundles.
  let isSameSpace: Bool

  func json(_ store: Store) throws -> JSON {
    let window = try store.windowSizes(generation: generation.number)
    let counts = generation.clusters.map { window[$0] ?? 0 }
    let displacement =
      isSameSpace
      ? DriftFigures.displacement(
        generation.reference, result.centroids, lineage: lineage, radii: generation.radii
      ).compactMap { $0 } : []
    let fates = Dictionary(lineage.endings.map { ($0.fate, 1) }, uniquingKeysWith: +)
    let audit = snapshot.audit(snapshot.old, result.labels)
    return [
      "units": .int(snapshot.points.count), "window_units": .int(counts.reduce(0, +)),
      "k": .int(result.centroids.k), "iterations": .int(result.iterations),
      "inertia": .figure(result.inertia),
      "occupancy_psi": .figure(
        DriftFigures.populationStabilityIndex(reference: generation.occupancy, window: counts)),
      "occupancy_psi_expected": .figure(
        DriftFigures.expectedStabilityIndex(reference: generation.occupancy, window: counts)),
      "inertia_ratio": isSameSpace ? .figure(inertiaRatio) : .null,
      "displacement_mean": isSameSpace
        ? .figure(displacement.reduce(0, +) / Double(max(1, displacement.count))) : .null,
      "displacement_max": isSameSpace ? .figure(displacement.max() ?? 0) : .null,
      "churn": .figure(
        DriftFigures.churn(old: snapshot.old, new: result.labels, lineage: lineage)),
      "audit_units": .int(snapshot.panel.count),
      "audit_ari": .figure(audit.adjustedRandIndex),
      "audit_nmi": .figure(audit.normalizedMutualInformation),
      "survived": .int(fates[.survived] ?? 0), "split": .int(fates[.split] ?? 0),
      "merged": .int(fates[.merged] ?? 0), "died": .int(fates[.died] ?? 0),
      "born": .int(lineage.identity.count { $0 == nil }),
      "modality": snapshot.agreement(snapshot.modalities, result.labels),
      "body_part": snapshot.agreement(snapshot.bodyParts, result.labels),
    ]
  }

  /// The inertia over that under the old reference centres.
  private var inertiaRatio: Double {
    let squares = generation.reference.assign(snapshot.points).distances
      .reduce(0.0) { $0 + Double($1) * Double($1) }
    return squares > 0 ? result.inertia / squares : 1
  }
}
