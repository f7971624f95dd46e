import Core
import Features
import Store

/// One instance of a study that is not annotated yet.
package struct IncomingInstance: Sendable {
  package var record: InstanceRecord
  /// Its images, until they are encoded to a vector.
  package var images: [GreyImage]

  package init(record: InstanceRecord, images: [GreyImage]) {
    self.record = record
    self.images = images
  }
}

/// A text about a study.
package struct StudyReport: Sendable {
  package var text: Redacted<String>
  package var version: ReportVersion

  package init(text: Redacted<String>, version: ReportVersion) {
    self.text = text
    self.version = version
  }
}

/// What has arrived of one study since its last annotation.
package struct OpenStudy: Sendable {
  package var accessionKey: String?
  package var patients: Set<PatientKey> = []
  package private(set) var instances: [String: IncomingInstance] = [:]
  /// Keys of instances whose images have no vector yet.
  private var unencoded: Set<String> = []
  /// Keys of instances that hold images, vectors or tags, and the number of them beyond which `trim` runs again.
  private var holding: Set<String> = []
  private var mostHolding = 0
  /// By unit key: the image for its thumbnail, see `show`.
  package private(set) var pictures: [String: (instanceKey: String, image: GreyImage)] = [:]
  /// Keys of instances that may not be shown.
  package private(set) var hidden: Set<String> = []
  /// By report key.
  package private(set) var reports: [String: StudyReport] = [:]
  package var names: Set<String> = []
  /// Ledger rows to be written together with the annotation, by path key.
  package var files: [String: LedgerEntry] = [:]
  /// Whether the models or the generation in force were fitted on this study. Its units then move no centroid again and
  /// belong to no drift window.
  package var isReference = false

  /// Adds an instance.
  ///
  /// - Returns: false if it is already there with the same content.
  package mutating func add(_ instance: IncomingInstance) -> Bool {
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

  /// Adds what arrived later of the same study.
  package mutating func merge(_ later: OpenStudy) {
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

  /// Encodes images to vectors and drops the images.
  package mutating func encode(_ encode: ([GreyImage]) throws -> [Float]) rethrows {
    for key in unencoded {
      instances[key]!.record.image = try encode(instances[key]!.images)
      instances[key]!.images = []
    }
    unencoded = []
  }

  /// Adds a report, unless a higher-ranked version of it is there.
  package mutating func add(_ report: StudyReport, key: String) {
    if let known = reports[key], known.version.rank > report.version.rank { return }
    reports[key] = report
  }

  /// The texts of reports that no other report replaces, in order of report key.
  package var texts: [String] {
    let replaced = ReportVersion.replaced(reports.mapValues(\.version))
    return reports.filter { !replaced.contains($0.key) }.sorted { $0.key < $1.key }
      .map(\.value.text.revealed)
  }

  /// Sets the image for a unit's thumbnail, unless an instance with a smaller key has given one. The choice doesn't
  /// depend on the order of arrival.
  ///
  /// - Parameter image: `nil` if the instance may not be shown.
  package mutating func show(unit: String, instanceKey: String, image: GreyImage?) {
    guard let image else {
      hidden.insert(instanceKey)
      if pictures[unit]?.instanceKey == instanceKey { pictures[unit] = nil }
      return
    }
    if let shown = pictures[unit], shown.instanceKey < instanceKey { return }
    pictures[unit] = (instanceKey, image)
  }

  /// Drops images, vectors and tags of instances outside their unit's sample, so that a study of thousands of instances
  /// stays small. It runs only when their number has doubled: checking all of them for each file would take quadratic
  /// time.
  package mutating func trim(to limit: Int, unit: Configuration.Unit, key: String) {
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

  package init() {
  }
}
