import Clustering
import Core
import Decoding
import Features
import Foundation
import Intake
import Store
import Synchronization

/// Turns complete studies into annotations: one transaction for a batch, then the log. Models and
/// generation are what they were before when a transaction fails, so the batch can be tried again.
final class StudyAnnotator {
  /// Replaced when it is read again.
  var configuration: Configuration
  private let store: Store
  private(set) var encoder: UnitEncoder
  private(set) var generation: LiveGeneration
  /// Names that people gave to clusters.
  private var names: [Int: String] = [:]

  init(
    _ configuration: Configuration, store: Store, encoder: UnitEncoder, generation: LiveGeneration
  ) throws {
    self.configuration = configuration
    self.store = store
    self.encoder = encoder
    self.generation = generation
    try readNames()
  }

  /// After a recluster.
  func adopt(_ generation: LiveGeneration) throws {
    self.generation = generation
    try readNames()
  }

  private func readNames() throws {
    names = Dictionary(
      uniqueKeysWithValues: try store.clusters().compactMap { cluster in
        cluster.name.map { (cluster.id, $0) }
      })
  }

  /// Makes the image vectors of an open study and lets go of its images.
  ///
  /// - Throws: `FeatureError` when libtorch fails; what isn't encoded yet keeps its images.
  func encode(_ study: inout OpenStudy) throws {
    for (key, instance) in study.instances where !instance.images.isEmpty {
      study.instances[key]?.record.image = try encoder.encode(instance.images)
      study.instances[key]?.images = []
    }
  }

  /// Annotates complete studies.
  ///
  /// - Parameter thumbnails: PNG files by unit.
  /// - Returns: how many units were annotated for the first time, and how many of them moved their centre.
  /// - Throws: `StoreError` when the transaction failed: nothing of the batch has happened.
  func annotate(
    _ studies: ArraySlice<(key: String, content: OpenStudy)>, thumbnails: [String: Data]
  ) throws -> (units: Int, learnt: Int) {
    var next = generation
    let time = timestamp()
    let new = try store.transaction {
      var units = 0
      var learnt: [(key: String, embedding: Embedding, position: Int)] = []
      for (studyKey, study) in studies {
        var study = study
        try encode(&study)
        let first = try annotate(studyKey, study, thumbnails, time: time)
        units += first.count
        if !study.isReference { learnt += first }
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

  /// One study, inside the batch's transaction.
  ///
  /// - Returns: its units that are annotated for the first time.
  private func annotate(
    _ studyKey: String, _ study: OpenStudy, _ thumbnails: [String: Data], time: String
  ) throws -> [(key: String, embedding: Embedding, position: Int)] {
    let bundle = encoder.bundle.hash
    try store.saveStudy(studyKey, accessionKey: study.accessionKey)
    for (key, text) in study.reports.sorted(by: { $0.key < $1.key }) {
      try store.saveReport(
        key, studyKey: studyKey, bundle: bundle, terms: encoder.terms(text, without: study.names))
    }
    for file in study.files { try store.record(file) }
    for instance in study.hidden.sorted() { try store.dropThumbnail(instance: instance) }

    let known = try store.instances(ofStudy: studyKey)
    var records = Dictionary(uniqueKeysWithValues: known.map { ($0.instanceKey, $0) })
    let replaced = study.instances.keys.contains { records[$0] != nil }
    for (key, instance) in study.instances { records[key] = instance.record }
    let terms = try store.reports(ofStudy: studyKey, bundle: bundle).values.reduce(into: [:]) {
      $0.merge($1, uniquingKeysWith: +)
    }

    var changed = Set(study.instances.keys)
    var first: [(key: String, embedding: Embedding, position: Int)] = []
    let groups = UnitComposer.groups(
      Array(records.values), studyKey: studyKey, unit: configuration.unit)
    for group in groups {
      let limit = configuration.decoding.instancesPerUnit
      let sampled = UnitComposer.sampledKeys(group.instances, limit: limit)
      for instance in group.instances where !sampled.contains(instance.instanceKey) {
        records[instance.instanceKey]?.image = []
        records[instance.instanceKey]?.tags = nil
        if instance.tags != nil { changed.insert(instance.instanceKey) }
      }
      let touched = group.instances.contains { study.instances[$0.instanceKey] != nil }
      guard touched || !study.reports.isEmpty else { continue }
      let reason = replaced ? "new_version" : touched ? "late_instances" : "late_report"
      if let picture = study.pictures[group.unitKey], let file = thumbnails[group.unitKey] {
        try store.saveThumbnail(file, unit: group.unitKey, instance: picture.instanceKey)
      }
      let annotated = try annotate(
        group, sampled: group.instances.filter { sampled.contains($0.instanceKey) }, terms: terms,
        studyKey: studyKey, reason: reason, isReference: study.isReference, time: time)
      if let annotated { first.append(annotated) }
    }
    for key in changed.sorted() {
      if let record = records[key] { try store.save(record, studyKey: studyKey, bundle: bundle) }
    }
    return first
  }

  private func annotate(
    _ group: UnitComposer.Group, sampled: [InstanceRecord], terms: TextEncoder.Terms,
    studyKey: String,
    reason: String, isReference: Bool, time: String
  ) throws -> (key: String, embedding: Embedding, position: Int)? {
    let composed = UnitComposer.compose(sampled)
    let embedding = try encoder.embed(image: composed.image, tags: composed.tags, terms: terms)
    let assignment = generation.online.assign(embedding)
    let previous = try store.unit(group.unitKey)
    var unit = UnitRecord(
      unitKey: group.unitKey, studyKey: studyKey, revision: (previous?.revision ?? 0) + 1,
      lastSequence: 0, bundle: encoder.bundle.hash, embedding: embedding,
      cluster: generation.clusters[assignment.cluster],
      windowGeneration: previous.map(\.windowGeneration) ?? (isReference ? nil : generation.number),
      instances: group.instances.count, frames: composed.frames,
      modality: composed.tags["Modality"],
      bodyPart: composed.bodyPart, decodePath: composed.decodePath)
    let event = AnnotationEvents.annotation(
      unit, unitKind: configuration.unit, generation: generation, assignment: assignment,
      name: names[unit.cluster], supersedes: previous?.lastSequence,
      reason: previous == nil ? nil : reason)
    unit.lastSequence = try store.append(event, time: time)
    unit.firstSequence = previous?.firstSequence ?? unit.lastSequence
    try store.save(unit)
    return previous == nil ? (group.unitKey, embedding, assignment.cluster) : nil
  }
}
