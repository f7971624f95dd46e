import Clustering
import Core
import Embeddings
import Features
import Foundation
import Store

/// Makes a fitted clustering the generation in force, in one transaction: the generation, its clusters with
/// their lineage, and a revision of every unit whose permanent cluster changed.
package struct Promotion {
  package let store: any Store
  package let configuration: Configuration
  package let bodyParts: BodyPartRules
  package let encoder: UnitEncoder

  /// Opens the first generation from a bundle's own clustering.
  ///
  /// - Throws: `StoreError`.
  package func open(_ clustering: FrozenClustering, reason: String) throws -> LiveGeneration {
    let time = timestamp()
    return try store.transaction {
      let number = (try store.generations().first?.number ?? 0) + 1
      let clusters = try (0..<clustering.k).map { _ in try store.makeCluster(generation: number) }
      let generation = LiveGeneration(
        number: number, bundle: encoder.bundle.hash, clusters: clusters, clustering: clustering,
        layout: encoder.bundle.fusion.layout)
      try generation.save(
        to: store, time: time, reason: reason, inertia: clustering.inertia, figures: [:])
      try store.append(
        AnnotationEvents.lifecycle(
          "generation_opened",
          [
            "generation": .int(number), "bundle": .string(encoder.bundle.hash),
            "clusters": .int(clustering.k), "reason": .string(reason),
          ]), time: time)
      return generation
    }
  }

  package struct Outcome {
    package var generation: LiveGeneration
    /// Number of units that changed their cluster.
    package var revised: Int
    /// Path keys of files to read again under a new bundle.
    package var forgotten: [String]
    /// Number of units that still have the previous bundle and wait for that.
    package var waiting: Int
  }

  /// Promotes a recluster.
  ///
  /// - Throws: `StoreError`.
  package func promote(_ recluster: Recluster, from old: LiveGeneration) throws -> Outcome {
    try store.attaching(recluster.source?.store) {
      try store.transaction { try promoteAttached(recluster, from: old) }
    }
  }

  private func promoteAttached(_ recluster: Recluster, from old: LiveGeneration) throws -> Outcome {
    let time = timestamp()
    let bundle = recluster.source?.bundle
    let adopted = try bundle.map {
      try store.adopt(bundle: $0.hash, through: recluster.throughSequence)
    }
    let number = old.number + 1
    let clusters =
      try recluster.fit.clusters
      ?? recluster.fit.lineage.identity.map { position in
        try position.map { old.clusters[$0] } ?? store.makeCluster(generation: number)
      }
    let generation = LiveGeneration(
      number: number, bundle: bundle?.hash ?? old.bundle, clusters: clusters,
      clustering: recluster.fit.clustering, layout: bundle?.fusion.layout ?? old.reference.layout)
    try finished(recluster, old, time)
    try generation.save(
      to: store, time: time, reason: recluster.request.trigger.rawValue,
      inertia: recluster.fit.clustering.inertia, figures: recluster.metrics.json,
      addedClusters: recluster.fit.addedClusters)
    try lineage(
      recluster.fit.lineage, from: old, to: generation, isRestored: recluster.fit.clusters != nil,
      time)
    try store.setPendingApproval(nil)
    let living = Set(clusters)
    try store.removeProposals(
      store.proposals().filter {
        recluster.fit.proposals.contains($0.number) || !living.isSuperset(of: $0.clusters)
      }.map(\.number))
    let revised = try relabel(recluster, generation, time)
    if configuration.drift.window > 0 {
      try store.freezeReference(
        generation: number, bundle: generation.bundle, limit: configuration.drift.reference,
        window: configuration.drift.window)
    }
    var event = Event(
      .reclusterPromoted,
      [
        "generation": .int(number), "supersedes": .int(old.number),
        "clusters": .int(clusters.count), "revised_units": .int(revised),
      ])
    if case .generation(let earlier) = recluster.request.source {
      event.kind = .reclusterRolledBack
      event.fields.append((key: "to", value: .int(earlier)))
    }
    try store.append(event, time: time)
    return Outcome(
      generation: generation, revised: revised, forgotten: adopted?.forgotten ?? [],
      waiting: adopted?.waiting ?? 0)
  }

  /// Records a recluster that is not promoted: its metrics in the log and, if it is pending approval, the fit in the
  /// store.
  ///
  /// - Throws: `StoreError`.
  package func keep(_ recluster: Recluster, _ decision: ReclusterDecision, from old: LiveGeneration)
    throws
  {
    let time = timestamp()
    try store.transaction {
      try finished(recluster, old, time)
      func event(_ kind: Event.Kind, _ cause: String) -> Event {
        Event(
          kind,
          [
            "generation": .int(old.number), "reason": .string(recluster.request.trigger.rawValue),
            "cause": .string(cause),
          ])
      }
      switch decision {
      case .report, .promote: break
      case .reject(let cause): try store.append(event(.reclusterRejected, cause), time: time)
      case .hold(let cause):
        try store.setPendingApproval(
          PendingRecluster(
            generation: old.number, time: time, reason: recluster.request.trigger.rawValue,
            clustering: try JSONEncoder().encode(recluster.fit.clustering),
            figures: recluster.metrics.json.encoded, proposals: recluster.fit.proposals))
        try store.append(event(.reclusterHeld, cause), time: time)
      }
    }
  }

  /// Logs the metrics of a fit, whether or not it is promoted.
  ///
  /// - Throws: `StoreError`.
  package func finished(_ recluster: Recluster, _ old: LiveGeneration, _ time: String) throws {
    try store.append(
      Event(
        .reclusterFinished,
        [
          "generation": .int(old.number), "reason": .string(recluster.request.trigger.rawValue),
          "dry_run": .bool(recluster.request.dryRun), "figures": recluster.metrics.json,
        ]), time: time)
  }

  private func lineage(
    _ lineage: Lineage, from old: LiveGeneration, to new: LiveGeneration, isRestored: Bool,
    _ time: String
  ) throws {
    func label(_ cluster: Int) -> JSON { .string(ClusterRecord.label(cluster)) }
    for (position, ending) in lineage.endings.enumerated() where ending.fate != .survived {
      let successor = new.clusters[ending.successor]
      try store.retire(
        cluster: old.clusters[position], generation: new.number, successor: successor)
      try store.append(
        Event(
          .lineage,
          [
            "generation": .int(new.number), "fate": .string(ending.fate.rawValue),
            "cluster": label(old.clusters[position]),
            "heirs": .array(ending.heirs.map { label(new.clusters[$0]) }),
            "successor": label(successor), "overlap": .figure(ending.overlap),
          ]), time: time)
    }
    for (position, identity) in lineage.identity.enumerated() where identity == nil {
      if isRestored { try store.restore(cluster: new.clusters[position]) }
      try store.append(
        Event(
          .lineage,
          [
            "generation": .int(new.number), "fate": isRestored ? "restored" : "born",
            "cluster": label(new.clusters[position]),
            "parents": .array(lineage.parents[position].map { label(old.clusters[$0]) }),
          ]), time: time)
    }
  }

  private func revisionReason(_ recluster: Recluster) -> String {
    if case .generation = recluster.request.source { return "rollback" }
    return recluster.source == nil ? "recluster" : "bundle"
  }

  /// Gives units of the snapshot the fit's label, and assigns units that were annotated or revised since.
  ///
  /// - Returns: how many units changed their cluster.
  private func relabel(_ recluster: Recluster, _ generation: LiveGeneration, _ time: String) throws
    -> Int
  {
    // Both are in order of key. Units are read again one by one, so that the archive isn't held in memory.
    var place = 0
    var touched: [(key: String, isFitted: Bool)] = []
    let placements = try Placements(store)
    try store.vectors(bundle: generation.bundle) { unit, vector in
      while place < recluster.unitKeys.count, recluster.unitKeys[place] < unit.unitKey {
        place += 1
      }
      guard place < recluster.unitKeys.count, recluster.unitKeys[place] == unit.unitKey,
        unit.lastSequence <= recluster.throughSequence
      else {
        touched.append((unit.unitKey, false))
        return
      }
      let cluster = generation.clusters[recluster.fit.result.labels[place]]
      if cluster != unit.cluster || placements.contains(unit.unitKey) {
        touched.append((unit.unitKey, true))
      }
    }
    let names = Dictionary(uniqueKeysWithValues: try store.clusters().map { ($0.id, $0.name) })
    var revised = 0
    for (key, isFitted) in touched {
      guard var unit = try store.unit(key) else { continue }
      unit.windowGeneration = isFitted ? nil : generation.number
      let assignment = placements.assign(key, unit.embedding, in: generation)
      let cluster = generation.clusters[assignment.cluster]
      if cluster != unit.cluster {
        revised += 1
        unit.revision += 1
        unit.cluster = cluster
        let event = AnnotationEvents.annotation(
          unit, unitKind: configuration.unit, generation: generation,
          assignment: assignment, bodyParts: bodyParts,
          name: names[unit.cluster] ?? nil,
          supersedes: unit.lastSequence,
          reason: revisionReason(recluster))
        unit.lastSequence = try store.append(event, time: time)
      }
      try store.save(unit)
    }
    return revised
  }

  package init(
    store: any Store, configuration: Configuration, bodyParts: BodyPartRules, encoder: UnitEncoder
  ) {
    self.store = store
    self.configuration = configuration
    self.bodyParts = bodyParts
    self.encoder = encoder
  }
}
