import Core
import Foundation
import Store

/// Terms and tag values that distinguish clusters from the archive.
struct DistinctiveTerms {
  /// Number of units by cluster and value.
  private var counts: [Int: [String: Int]] = [:]
  private var units: [Int: Int] = [:]
  private var everywhere: [String: Int] = [:]
  private var all = 0
  /// Minimum number of patients for a value to be shown.
  private let minimumPatients: Int
  /// Patients of each value, at most `minimumPatients` of them.
  private var patients: [String: Set<String>] = [:]

  init(minimumPatients: Int) { self.minimumPatients = minimumPatients }

  mutating func add(_ values: [String], of patient: String, to cluster: Int) {
    units[cluster, default: 0] += 1
    all += 1
    for value in values {
      counts[cluster, default: [:]][value, default: 0] += 1
      everywhere[value, default: 0] += 1
    }
    note(values, of: patient)
  }

  /// Counts values only towards their patients.
  mutating func note(_ values: some Sequence<String>, of patient: String) {
    for value in values where patients[value, default: []].count < minimumPatients {
      patients[value, default: []].insert(patient)
    }
  }

  /// The values that enough patients share.
  var shown: Set<String> {
    Set(patients.lazy.filter { $0.value.count >= minimumPatients }.map(\.key))
  }

  /// The values that are more frequent in a cluster than in the archive, by p · ln(p / q): p is the share of the
  /// cluster's units that have the value, q the share of all units.
  ///
  /// - Parameters:
  ///   - share: p is at least this.
  ///   - lift: p is more than this times q.
  func strongest(_ cluster: Int, _ limit: Int, share: Double = 0.1, lift: Double = 1.2) -> [String]
  {
    let own = Double(units[cluster] ?? 0)
    let weighed = (counts[cluster] ?? [:]).compactMap {
      value, count -> (value: String, weight: Double)? in
      let here = Double(count) / own
      let there = Double(everywhere[value] ?? 0) / Double(all)
      guard here > lift * there, here >= share, patients[value]?.count == minimumPatients else {
        return nil
      }
      return (value, here * log(here / there))
    }
    return weighed.sorted { ($0.weight, $1.value) > ($1.weight, $0.value) }.prefix(limit)
      .map(\.value)
  }
}

extension DistinctiveTerms {
  /// Terms of the diagnoses.
  ///
  /// - Parameter words: how each term of the vocabulary is shown.
  init(termsOf store: any Store, bundle: String, words: [String], minimumPatients: Int) throws {
    self.init(minimumPatients: minimumPatients)
    try store.terms(bundle: bundle) { cluster, patient, terms in
      add(
        terms.keys.filter { words.indices.contains($0) }.map { words[$0] }, of: patient, to: cluster
      )
    }
  }

  /// Coded tag values such as `Manufacturer ACME`, without the tags that name modality or body part. Numbers
  /// distinguish no cluster, but count as shown if enough patients share them.
  ///
  /// - Parameter step: one in `step` units is read.
  init(tagsOf store: any Store, bundle: String, step: Int, minimumPatients: Int) throws {
    self.init(minimumPatients: minimumPatients)
    let distinctive = AcquisitionTag.all.filter {
      $0.kind == .category && !["SOPClassUID", "Modality", "BodyPartExamined"].contains($0.keyword)
    }
    let others = AcquisitionTag.all.filter { $0.kind == .number || $0.keyword == "Modality" }
    try store.tags(bundle: bundle, step: step) { cluster, patient, tags in
      add(distinctive.compactMap { Self.shown($0, tags) }, of: patient, to: cluster)
      note(others.compactMap { Self.shown($0, tags) }, of: patient)
    }
  }

  /// A tag with its value as pages show it.
  static func shown(_ tag: AcquisitionTag, _ tags: TagValues) -> String? {
    tags[tag.keyword].map { value in
      "\(tag.keyword) \(StandardCode.shown(value, of: tag.keyword).replacing("\\", with: "/"))"
    }
  }
}
