import Core
import Features
import Store

/// One instance of a study that is not annotated yet.
struct IncomingInstance: Sendable {
  var record: InstanceRecord
  /// Its images, until an encoder has made a vector of them.
  var images: [GrayImage]
}

/// A text about a study.
struct StudyReport: Sendable {
  var text: Redacted<String>
  var version: ReportVersion
}

/// What has come of one study since its last annotation.
struct OpenStudy: Sendable {
  var accessionKey: String?
  var patients: Set<PatientKey> = []
  var instances: [String: IncomingInstance] = [:]
  /// By unit key: what it is shown by, see `show`.
  private(set) var pictures: [String: (instanceKey: String, image: GrayImage)] = [:]
  /// Keys of instances that may not be shown.
  private(set) var hidden: Set<String> = []
  /// By report key.
  private(set) var reports: [String: StudyReport] = [:]
  var names: Set<String> = []
  /// Ledger rows to be written together with the annotation.
  var files: [LedgerEntry] = []
  /// The generation in force was fitted on this very study: its units move no centre again and belong to no
  /// window.
  var isReference = false

  /// Adds an instance.
  ///
  /// - Returns: false when it is already there with the same content.
  mutating func add(_ instance: IncomingInstance) -> Bool {
    guard instances[instance.record.instanceKey]?.record.digest != instance.record.digest else {
      return false
    }
    instances[instance.record.instanceKey] = instance
    return true
  }

  /// Adds a report, unless a version of it that counts for more is there.
  mutating func add(_ report: StudyReport, key: String) {
    if let known = reports[key], known.version.rank > report.version.rank { return }
    reports[key] = report
  }

  /// The texts that count, in the order of their keys.
  var texts: [String] {
    let replaced = ReportVersion.replaced(reports.mapValues(\.version))
    return reports.filter { !replaced.contains($0.key) }.sorted { $0.key < $1.key }
      .map(\.value.text.revealed)
  }

  /// Takes an image as what its unit is shown by, unless an instance with a smaller key has given one: which one it is
  /// doesn't depend on the order in which they came.
  ///
  /// - Parameter image: `nil` when the instance may not be shown.
  mutating func show(unit: String, instanceKey: String, image: GrayImage?) {
    guard let image else {
      hidden.insert(instanceKey)
      if pictures[unit]?.instanceKey == instanceKey { pictures[unit] = nil }
      return
    }
    if let shown = pictures[unit], shown.instanceKey < instanceKey { return }
    pictures[unit] = (instanceKey, image)
  }

  /// Lets go of what instances beyond the sampled ones hold, so that a study of thousands stays small.
  mutating func trim(to limit: Int) {
    guard instances.count > 2 * limit else { return }
    let kept = UnitComposer.sampledKeys(instances.values.map(\.record), limit: limit)
    for key in instances.keys where !kept.contains(key) {
      instances[key]?.images = []
      instances[key]?.record.image = []
      instances[key]?.record.tags = nil
    }
  }
}
