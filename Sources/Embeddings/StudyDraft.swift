import Core
import Features
import Foundation
import Store

/// A study on its way to its annotation: what arrived, what the store has, and the units that result. The last step
/// needs neither the store nor other studies, so a batch is computed on all cores.
package struct StudyDraft: Sendable {
  package struct Unit: Sendable {
    package var key: String
    package var instances: Int
    /// Whether instances of it arrived, not only a report of its study.
    package var isTouched: Bool
    package var composition: UnitComposer.Composition
    package var embedding: Embedding
  }

  package let key: String
  package let study: OpenStudy
  private let stored: [InstanceRecord]
  private let storedTerms: [String: TextEncoder.Terms]
  /// New reports, except those ranked below the stored version under the same key.
  package let reports: [String: StudyReport]
  /// Keys of new and stored reports that others replace.
  package let replaced: Set<String>
  /// Counts of the new reports' terms, by report.
  package private(set) var terms: [String: TextEncoder.Terms] = [:]
  /// Units to annotate.
  package private(set) var units: [Unit] = []
  /// Instances that are new or changed, by key.
  package private(set) var instances: [InstanceRecord] = []

  /// Reads what the store has of the study.
  ///
  /// - Throws: `StoreError`.
  package init(_ key: String, _ study: OpenStudy, _ store: any Store, bundle: String) throws {
    self.key = key
    self.study = study
    stored = try store.instances(ofStudy: key)
    storedTerms = try store.reports(ofStudy: key, bundle: bundle)
    let known =
      study.reports.isEmpty ? [:] : try store.reportVersions(ofStudy: key, bundle: bundle)
    reports = study.reports.filter { key, report in
      known[key].map { $0.rank <= report.version.rank } ?? true
    }
    replaced = ReportVersion.replaced(known.merging(reports.mapValues(\.version)) { $1 })
  }

  /// Whether an instance replaces a stored one with other content.
  package var replacesInstances: Bool { stored.contains { study.instances[$0.instanceKey] != nil } }

  /// Computes the units of every draft of a batch, on all cores.
  ///
  /// - Throws: `FeatureError` when libtorch or libstemmer fails.
  package static func workOut(
    _ drafts: [StudyDraft], _ encoder: UnitEncoder, _ configuration: Configuration
  ) throws -> [StudyDraft] {
    try mapInParallel(drafts) { draft in
      var draft = draft
      try draft.workOut(encoder, configuration)
      return draft
    }
  }

  private mutating func workOut(_ encoder: UnitEncoder, _ configuration: Configuration) throws {
    terms = try reports.mapValues { try encoder.terms($0.text, without: study.names) }
    let counted = storedTerms.merging(terms) { $1 }.filter { !replaced.contains($0.key) }
    let allTerms: TextEncoder.Terms = counted.values.reduce(into: [:]) {
      $0.merge($1, uniquingKeysWith: +)
    }
    var records = Dictionary(uniqueKeysWithValues: stored.map { ($0.instanceKey, $0) })
    for (key, instance) in study.instances {
      records[key] = instance.record
      if !instance.images.isEmpty { records[key]?.image = try encoder.encode(instance.images) }
    }
    var changed = Set(study.instances.keys)
    let limit = configuration.decoding.instancesPerUnit
    for group in UnitComposer.groups(
      Array(records.values), studyKey: key, unit: configuration.unit)
    {
      let sampled = UnitComposer.sampledKeys(group.instances, limit: limit)
      for instance in group.instances where !sampled.contains(instance.instanceKey) {
        records[instance.instanceKey]?.image = []
        records[instance.instanceKey]?.tags = nil
        if instance.tags != nil { changed.insert(instance.instanceKey) }
      }
      let isTouched = group.instances.contains { study.instances[$0.instanceKey] != nil }
      guard isTouched || !reports.isEmpty else { continue }
      let composition = UnitComposer.compose(
        group.instances.filter { sampled.contains($0.instanceKey) })
      units.append(
        Unit(
          key: group.unitKey, instances: group.instances.count, isTouched: isTouched,
          composition: composition,
          embedding: try encoder.embed(
            image: composition.image, tags: composition.tags, terms: allTerms)))
    }
    instances = changed.sorted().compactMap { records[$0] }
  }
}
