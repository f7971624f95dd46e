import Core
import Decoding
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
  /// Files that hold what the ledger says.
  private var pendingVersions: [(pathKey: String, version: FileVersion)] = []
  /// Studies that are open or held, by the path keys of their files.
  private var openFiles: [String: String] = [:]
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
    !pendingEntries.isEmpty || !pendingVersions.isEmpty || !pendingRejections.isEmpty
      || !vanished.isEmpty
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

    if let earlier = withdraw(entry.pathKey) {
      guard stamp.isCurrent else {
        // Two looks at it overtook each other, and which one saw what is there now nobody knows.
        put(earlier)
        vanished.append(entry.pathKey)
        return
      }
      if earlier.instanceKey == instanceKey, earlier.digest == entry.digest {
        entry.outcome = earlier.outcome
        put(entry)
        return
      }
    }
    if !assembler.contains(studyKey),
      let known = try store.instanceDigest(instanceKey), known.digest == decoded.digest
    {
      let row = try store.file(entry.pathKey)
      let isItself = row?.instanceKey == instanceKey && row?.digest == decoded.digest
      entry.outcome = isItself ? row?.outcome ?? .duplicate : .duplicate
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
      self.openFiles[entry.pathKey] = studyKey
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
    _ = withdraw(keys.path(stamp.path))
    pendingRejections.append((entry(stamp, .quarantined, digest: nil), rejection))
  }

  /// A file that was looked at again and holds what the ledger says.
  func confirm(_ stamp: FileStamp) {
    let key = keys.path(stamp.path)
    // What an open study noted of it meanwhile is not in the ledger yet: the next look is a whole one.
    guard openFiles[key] == nil else { return vanished.append(key) }
    pendingVersions.append((key, stamp.version))
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
      for file in study.files { openFiles[file.pathKey] = key }
    }
  }

  /// Writes duplicates and quarantine; call it inside a transaction, and `forgetPending` after it.
  func writePending(time: String) throws {
    for entry in pendingEntries { try store.record(entry) }
    for (pathKey, version) in pendingVersions { try store.renew(pathKey, version) }
    for (entry, rejection) in pendingRejections {
      if try isOld(entry, rejection) {
        try store.renew(entry.pathKey, entry.version)
        continue
      }
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
      pendingVersions = []
      pendingRejections = []
      vanished = []
    }
    return pendingRejections.count
  }

  private func attach(
    _ report: ReportFile, _ stamp: FileStamp, to studyKey: String, now: ContinuousClock.Instant
  ) {
    let entry = entry(
      stamp, .report, digest: try? ContentDigest.of(file: stamp.path), studyKey: studyKey)
    _ = withdraw(entry.pathKey)
    openFiles[entry.pathKey] = studyKey
    update(studyKey, now: now) { study in
      study.reports[entry.pathKey] = report.text
      study.names.formUnion(report.names.revealed)
      study.files.append(entry)
    }
  }

  /// A path holds one file: what an open study noted of an earlier one is taken back. What was read of it stays.
  private func withdraw(_ pathKey: String) -> LedgerEntry? {
    guard let studyKey = openFiles.removeValue(forKey: pathKey) else { return nil }
    var entry: LedgerEntry?
    amend(studyKey) { study in
      entry = study.files.last { $0.pathKey == pathKey }
      study.files.removeAll { $0.pathKey == pathKey }
    }
    return entry
  }

  /// Notes a file of an open study, whose content that study has.
  private func put(_ entry: LedgerEntry) {
    guard let studyKey = entry.studyKey else { return }
    openFiles[entry.pathKey] = studyKey
    amend(studyKey) { $0.files.append(entry) }
  }

  private func amend(_ studyKey: String, _ change: (inout OpenStudy) -> Void) {
    if let place = held.index(forKey: studyKey) { return change(&held.values[place]) }
    assembler.amend(studyKey, change)
  }

  /// Whether a file is quarantined for the same already, and nothing tells that it is another one but inode and time of
  /// change.
  private func isOld(_ entry: LedgerEntry, _ rejection: Rejection) throws -> Bool {
    guard let known = try store.file(entry.pathKey)?.version,
      (known.size, known.modified) == (entry.version.size, entry.version.modified)
    else { return false }
    return try store.isQuarantined(entry.pathKey, rejection)
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
      for file in study.files { openFiles[file.pathKey] = nil }
    }
    return studies
  }

  private func entry(
    _ stamp: FileStamp, _ outcome: FileOutcome, digest: String?, studyKey: String? = nil
  ) -> LedgerEntry {
    LedgerEntry(
      pathKey: keys.path(stamp.path), version: stamp.version, digest: digest, outcome: outcome,
      studyKey: studyKey)
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
