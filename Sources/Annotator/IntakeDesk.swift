import Core
import Foundation
import Intake
import Store

/// What comes from the workers, put where it belongs: open studies, duplicates, quarantine, waiting reports.
/// Nothing is written here but duplicates and quarantine; a study's files enter the ledger with its
/// annotation, so that a crash before it costs a second look at the files and nothing else.
final class IntakeDesk {
  private var configuration: Configuration
  private let keys: Keys
  private let store: Store
  private(set) var assembler: StudyAssembler<OpenStudy>
  private var reports = ReportDesk()
  /// Complete studies that wait for the first models.
  private(set) var held: [String: OpenStudy] = [:]
  /// Studies by accession number while they are open or held.
  private var accessions: [String: String] = [:]
  /// Path keys of files that were gone before they could be read; should they come back, they are new.
  private(set) var vanished: [String] = []
  private var pendingEntries: [LedgerEntry] = []
  private var pendingRejections: [(entry: LedgerEntry, rejection: Rejection)] = []

  init(_ configuration: Configuration, keys: Keys, store: Store) {
    self.configuration = configuration
    self.keys = keys
    self.store = store
    assembler = StudyAssembler(
      quiet: configuration.intake.quiet, maximumOpen: configuration.intake.maximumOpen)
  }

  /// After the configuration was read again.
  func adopt(_ configuration: Configuration) {
    self.configuration = configuration
    assembler.quiet = configuration.intake.quiet
    assembler.maximumOpen = configuration.intake.maximumOpen
  }

  var waitingReports: Int { reports.count }
  var hasPending: Bool {
    !pendingEntries.isEmpty || !pendingRejections.isEmpty || !vanished.isEmpty
  }

  /// A decoded file.
  ///
  /// - Parameter encode: makes image vectors once there are models.
  func receive(
    _ stamp: FileStamp, _ arrived: ArrivedInstance, now: ContinuousClock.Instant,
    encode: (inout OpenStudy) throws -> Void
  ) throws {
    let (decoded, images) = (arrived.decoded, arrived.images)
    let (studyKey, instanceKey) = (arrived.keys.study, arrived.keys.instance)
    let accessionKey = keys.accession(decoded.accession)
    let instance = incoming(arrived)
    var entry = entry(stamp, .instance, digest: decoded.digest, studyKey: studyKey)
    entry.instanceKey = instanceKey

    if !assembler.contains(studyKey),
      let known = try store.instanceDigest(instanceKey), known.digest == decoded.digest
    {
      entry.outcome = .duplicate
      pendingEntries.append(entry)
      return
    }
    try update(studyKey, now: now) { study in
      study.accessionKey = study.accessionKey ?? accessionKey
      study.names.formUnion(decoded.names.revealed)
      if !study.add(instance) { entry.outcome = .duplicate }
      if self.configuration.thumbnailSide > 0, !images.isEmpty {
        study.show(
          unit: UnitComposer.unitKey(arrived.keys, unit: self.configuration.unit),
          instanceKey: instanceKey, image: decoded.isBurnedIn ? nil : images[images.count / 2])
      }
      if let text = decoded.report, !text.revealed.isEmpty { study.reports[instanceKey] = text }
      study.files.append(entry)
      try encode(&study)
      study.trim(to: self.configuration.decoding.instancesPerUnit)
    }
    if let accessionKey { accessions[accessionKey] = studyKey }
    for report in reports.collect(studyKey: studyKey, accessionKey: accessionKey) {
      // Its study is open now: it is read again and attached.
      try receive(report: report, now: now)
    }
  }

  /// A report file: to its study if that is open, held or annotated, else it waits.
  func receive(report stamp: FileStamp, now: ContinuousClock.Instant) throws {
    let report: ReportFile
    do throws(Rejection) {
      report = try ReportFile(stamp.path, encoding: configuration.intake.reportEncoding)
    } catch {
      reject(stamp, error)
      return
    }
    let names = report.identifiers.revealed.map { Redacted($0) }
    let studyKeys = names.map(keys.study)
    let accessionKeys = names.compactMap(keys.accession)
    let open = (studyKeys + accessionKeys.compactMap { accessions[$0] })
      .first { assembler.contains($0) || held[$0] != nil }
    if let study = try open ?? store.study(studyKeys: studyKeys, accessionKeys: accessionKeys) {
      attach(report, stamp, to: study, now: now)
    } else {
      reports.wait(stamp, keys: studyKeys + accessionKeys)
    }
  }

  /// A file that can't be used; one that was removed or changed meanwhile is no longer that file.
  func reject(_ stamp: FileStamp, _ rejection: Rejection) {
    guard stamp.isCurrent else {
      vanished.append(keys.path(stamp.path))
      return
    }
    pendingRejections.append((entry(stamp, .quarantined, digest: nil), rejection))
  }

  /// Complete studies, taken out.
  func complete(now: ContinuousClock.Instant, limit: Int) -> [(key: String, content: OpenStudy)] {
    forget(assembler.complete(now: now, limit: limit))
  }

  /// Every open study, taken out.
  func flush() -> [(key: String, content: OpenStudy)] { forget(assembler.flush()) }

  /// Keeps complete studies until there are models.
  func hold(_ studies: [(key: String, content: OpenStudy)]) {
    for (key, study) in studies {
      held[key] = study
      if let accession = study.accessionKey { accessions[accession] = key }
    }
  }

  /// The held studies, which models are about to be fitted on.
  func takeReference() -> [String: OpenStudy] {
    for key in held.keys { held[key]?.isReference = true }
    return held
  }

  /// The held studies, taken out.
  func release() -> [(key: String, content: OpenStudy)] {
    defer { held = [:] }
    return forget(held.sorted { $0.key < $1.key }.map { (key: $0.key, content: $0.value) })
  }

  /// Puts studies back whose transaction failed; they are complete at once.
  func putBack(_ studies: ArraySlice<(key: String, content: OpenStudy)>) {
    for (key, study) in studies {
      update(key, now: .now - .seconds(configuration.intake.quiet)) { newer in
        let later = newer
        newer = study
        newer.instances.merge(later.instances) { $1 }
        newer.reports.merge(later.reports) { $1 }
        newer.files += later.files
      }
    }
  }

  /// Writes duplicates and quarantine; call it inside a transaction, and `forgetPending` after it.
  func writePending(time: String) throws {
    for entry in pendingEntries { try store.record(entry) }
    for (entry, rejection) in pendingRejections {
      try store.quarantine(entry, rejection, time: time)
      try store.append(AnnotationEvents.quarantine(entry.pathKey, rejection), time: time)
    }
  }

  /// After `writePending`'s transaction.
  ///
  /// - Returns: how many files went to quarantine.
  func forgetPending() -> Int {
    defer {
      pendingEntries = []
      pendingRejections = []
      vanished = []
    }
    return pendingRejections.count
  }

  private func attach(
    _ report: ReportFile, _ stamp: FileStamp, to studyKey: String, now: ContinuousClock.Instant
  ) {
    let entry = entry(stamp, .report, digest: nil, studyKey: studyKey)
    update(studyKey, now: now) { study in
      study.reports[entry.pathKey] = report.text
      study.names.formUnion(report.names.revealed)
      study.files.append(entry)
    }
  }

  /// Changes an open study, opening it, or a held one again, where need be.
  private func update(
    _ studyKey: String, now: ContinuousClock.Instant, _ change: (inout OpenStudy) throws -> Void
  ) rethrows {
    let initial = held.removeValue(forKey: studyKey) ?? OpenStudy()
    try assembler.update(studyKey, now: now, initial: initial, change)
  }

  private func forget(_ studies: [(key: String, content: OpenStudy)]) -> [(
    key: String, content: OpenStudy
  )] {
    for (_, study) in studies {
      if let accession = study.accessionKey { accessions[accession] = nil }
    }
    return studies
  }

  private func entry(
    _ stamp: FileStamp, _ outcome: FileOutcome, digest: String?, studyKey: String? = nil
  ) -> LedgerEntry {
    LedgerEntry(
      pathKey: keys.path(stamp.path), size: stamp.size, modified: stamp.modified, digest: digest,
      outcome: outcome, studyKey: studyKey)
  }

  private func incoming(_ arrived: ArrivedInstance) -> IncomingInstance {
    let decoded = arrived.decoded
    return IncomingInstance(
      record: InstanceRecord(
        instanceKey: arrived.keys.instance, seriesKey: arrived.keys.series, digest: decoded.digest,
        hasPixels: decoded.hasPixels, frames: arrived.images.count, image: [],
        tags: keys.tags(decoded.tags),
        bodyPart: keys.bodyParts.bodyPart(
          examined: decoded.tags["BodyPartExamined"], descriptions: decoded.descriptions.revealed),
        decodePath: decoded.decodePath),
      images: arrived.images)
  }
}
