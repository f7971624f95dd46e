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
  private(set) var instances: [String: IncomingInstance] = [:]
  /// Keys of instances whose images have no vector yet.
  private var unencoded: Set<String> = []
  /// Keys of instances that hold images, vectors or tags, and how many of them are looked through next for those that
  /// need not.
  private var holding: Set<String> = []
  private var mostHolding = 0
  /// By unit key: what it is shown by, see `show`.
  private(set) var pictures: [String: (instanceKey: String, image: GrayImage)] = [:]
  /// Keys of instances that may not be shown.
  private(set) var hidden: Set<String> = []
  /// By report key.
  private(set) var reports: [String: StudyReport] = [:]
  var names: Set<String> = []
  /// Ledger rows to be written together with the annotation, by path key.
  var files: [String: LedgerEntry] = [:]
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
    put(instance)
    return true
  }

  private mutating func put(_ instance: IncomingInstance) {
    let key = instance.record.instanceKey
    instances[key] = instance
    holding.insert(key)
    if instance.images.isEmpty { unencoded.remove(key) } else { unencoded.insert(key) }
  }

  /// Takes everything over that came of the same study later.
  mutating func merge(_ later: OpenStudy) {
    for instance in later.instances.values { put(instance) }
    for (key, report) in later.reports { add(report, key: key) }
    names.formUnion(later.names)
    patients.formUnion(later.patients)
    files.merge(later.files) { $1 }
    for (unit, picture) in later.pictures {
      show(unit: unit, instanceKey: picture.instanceKey, image: picture.image)
    }
    hidden.formUnion(later.hidden)
    pictures = pictures.filter { !hidden.contains($0.value.instanceKey) }
  }

  /// Makes vectors of images and lets go of these.
  mutating func encode(_ encode: ([GrayImage]) throws -> [Float]) rethrows {
    for key in unencoded {
      instances[key]!.record.image = try encode(instances[key]!.images)
      instances[key]!.images = []
    }
    unencoded = []
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

  /// Lets go of what instances beyond their unit's sampled ones hold, so that a study of thousands stays small. Now and
  /// then: to look at all that hold something for each file would cost their square.
  mutating func trim(to limit: Int, unit: Configuration.Unit, key: String) {
    guard holding.count > max(mostHolding, 2 * limit) else { return }
    let records = holding.map { instances[$0]!.record }
    let groups = Dictionary(grouping: records) {
      UnitComposer.unitKey($0, studyKey: key, unit: unit)
    }
    let kept = groups.values.reduce(into: Set<String>()) {
      $0.formUnion(UnitComposer.sampledKeys($1, limit: limit))
    }
    for key in holding.subtracting(kept) {
      instances[key]!.images = []
      instances[key]!.record.image = []
      instances[key]!.record.tags = nil
      unencoded.remove(key)
    }
    holding = kept
    mostHolding = 2 * kept.count
  }
}
