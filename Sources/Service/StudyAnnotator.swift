import Clustering
import Core
import Decoding
import Embeddings
import Features
import Foundation
import Intake
import Store
import Synchronization

/// Turns complete studies into annotations, with one transaction per batch. If a transaction fails, models and
/// generation stay as they were, so the batch can be retried.
final class StudyAnnotator {
  /// Replaced on reload.
  var configuration: Configuration
  private let store: any Store
  private let keys: Keys
  private(set) var encoder: UnitEncoder
  private(set) var generation: LiveGeneration
  /// Reviewed names by cluster.
  private var names: [Int: String] = [:]
  private var placements: Placements

  init(
    _ configuration: Configuration, keys: Keys, store: any Store,
    encoder: UnitEncoder,
    generation: LiveGeneration
  ) throws {
    self.configuration = configuration
    self.keys = keys
    self.store = store
    self.encoder = encoder
    self.generation = generation
    placements = try Placements(store)
    try readReviews()
  }

  /// Puts another generation in force and reads names and placements again.
  func adopt(_ generation: LiveGeneration) throws {
    self.generation = generation
    try readReviews()
  }

  /// Reads the clusters' names and the units' placements after a review.
  func readReviews() throws {
    placements = try Placements(store)
    names = Dictionary(
      uniqueKeysWithValues: try store.clusters().compactMap { cluster in
        cluster.name.map { (cluster.id, $0) }
      })
  }

  /// Encodes the images of an open study and drops them.
  ///
  /// - Throws: `FeatureError` when libtorch fails; instances that aren't encoded yet keep their images.
  func encode(_ study: inout OpenStudy) throws {
    try study.encode(encoder.encode)
  }

  /// Drafts of complete studies, with what the store has of them.
  ///
  /// - Throws: `StoreError`.
  func drafts(_ studies: ArraySlice<(key: String, content: OpenStudy)>) throws -> [StudyDraft] {
    try studies.map { key, content in
      var study = content
      // Once a study, before the transaction: a key costs an HMAC.
      study.isReference =
        study.isReference || encoder.trainingStudies.contains(key, keys: keys)
      return try StudyDraft(key, study, store, bundle: encoder.bundle.hash)
    }
  }

  /// Annotates complete studies.
  ///
  /// - Returns: how many units were annotated for the first time, and how many of them moved their centroid.
  /// - Throws: `StoreError` when the transaction failed: then nothing of the batch was written.
  func annotate(_ batch: BatchPreparation.Batch) throws -> (units: Int, learnt: Int) {
    var next = generation
    let time = timestamp()
    let new = try store.transaction {
      var units = 0
      var learnt: [(key: String, embedding: Embedding, position: Int)] = []
      for draft in batch.drafts {
        let first = try annotate(draft, batch.thumbnails, time: time)
        units += first.count
        if !draft.study.isReference { learnt += first }
      }
      learnt.sort { $0.key < $1.key }
      try next.learn(
        learnt.map { ($0.embedding, $0.position) }, halfLife: configuration.clustering.halfLife,
        store: store)
      return (units: units, learnt: learnt.count)
    }
    generation = next
    return new
  }

  /// Annotates one study inside the batch's transaction.
  ///
  /// - Returns: the units that are annotated for the first time.
  private func annotate(_ draft: StudyDraft, _ thumbnails: [String: Data], time: String) throws
    -> [(key: String, embedding: Embedding, position: Int)]
  {
    let (bundle, study) = (encoder.bundle.hash, draft.study)
    try store.saveStudy(draft.key, accessionKey: study.accessionKey)
    try store.savePatients(study.patients, studyKey: draft.key)
    for (key, report) in draft.reports.sorted(by: { $0.key < $1.key }) {
      try store.saveReport(
        key, studyKey: draft.key, bundle: bundle, terms: draft.terms[key] ?? [:],
        version: report.version, counts: !draft.replaced.contains(key))
    }
    for key in draft.replaced.sorted() where draft.reports[key] == nil {
      try store.replaceReport(key)
    }
    for file in study.files.values { try store.record(file) }
    for instance in study.hidden.sorted() { try store.dropThumbnail(instance: instance) }
    var first: [(key: String, embedding: Embedding, position: Int)] = []
    for unit in draft.units {
      if let picture = study.pictures[unit.key], let file = thumbnails[unit.key] {
        try store.saveThumbnail(file, unit: unit.key, instance: picture.instanceKey)
      }
      if let annotated = try annotate(unit, of: draft, time: time) { first.append(annotated) }
    }
    for record in draft.instances { try store.save(record, studyKey: draft.key, bundle: bundle) }
    return first
  }

  private func annotate(_ new: StudyDraft.Unit, of draft: StudyDraft, time: String) throws
    -> (key: String, embedding: Embedding, position: Int)?
  {
    let assignment = placements.assign(new.key, new.embedding, in: generation)
    let previous = try store.unit(new.key)
    var unit = UnitRecord(
      unitKey: new.key, studyKey: draft.key, revision: (previous?.revision ?? 0) + 1,
      lastSequence: 0, bundle: encoder.bundle.hash, embedding: new.embedding,
      cluster: generation.clusters[assignment.cluster],
      windowGeneration: previous.map(\.windowGeneration)
        ?? (draft.study.isReference ? nil : generation.number),
      instances: new.instances, frames: new.composition.frames,
      modality: new.composition.tags["Modality"].map { StandardCode.shown($0, of: "Modality") },
      bodyPart: new.composition.bodyPart, decodePath: new.composition.decodePath)
    let reason =
      draft.replacesInstances ? "new_version" : new.isTouched ? "late_instances" : "late_report"
    let event = AnnotationEvents.annotation(
      unit, unitKind: configuration.unit, generation: generation, assignment: assignment,
      bodyParts: keys.bodyParts, name: names[unit.cluster], supersedes: previous?.lastSequence,
      reason: previous == nil ? nil : reason)
    unit.lastSequence = try store.append(event, time: time)
    unit.firstSequence = previous?.firstSequence ?? unit.lastSequence
    unit.isTrained = draft.study.isReference
    try store.save(unit)
    return previous == nil ? (new.key, new.embedding, assignment.cluster) : nil
  }
}
