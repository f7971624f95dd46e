import Core
import Decoding
import Embeddings
import Foundation
import Intake
import Store

/// Sorts what the workers return into open studies, duplicates, quarantine and waiting reports. It writes only
/// duplicates and quarantine. A study's files enter the ledger with its annotation, so after an earlier crash they are
/// read again and nothing is lost.
package final class IntakeBuffer {
  var configuration: Configuration
  package let keys: Keys
  package let index: any IntakeIndex
  package private(set) var assembler: StudyAssembler<OpenStudy>
  var reports = AwaitedReports()
  var delivered = DeliveredReports()
  /// Reports without a study, and held studies.
  package var waiting: WaitingList
  /// Complete studies that wait for the first models.
  package private(set) var held: [String: OpenStudy] = [:]
  /// Studies by accession number while they are open or held.
  var accessions: [String: Set<String>] = [:]
  /// Path keys of files that vanished before they could be read; if they come back, they count as new.
  package internal(set) var vanished: [String] = []
  var pendingEntries: [LedgerEntry] = []
  /// Files whose content matches the ledger.
  private var pendingVersions: [(pathKey: String, version: FileVersion)] = []
  /// Keys of open or held studies, by the path keys of their files.
  var openFiles: [String: String] = [:]
  private var pendingRejections: [(entry: LedgerEntry, rejection: Rejection)] = []
  /// Those of them that were not in quarantine for the same reason already.
  private var newRejections: [Rejection] = []

  /// - Throws: `StoreError`.
  package init(_ configuration: Configuration, keys: Keys, index: any IntakeIndex) throws {
    self.configuration = configuration
    self.keys = keys
    self.index = index
    waiting = try WaitingList(index)
    assembler = StudyAssembler(
      quiet: configuration.intake.quiet, maximumOpen: configuration.intake.maximumOpen)
  }

  /// Applies a configuration that was read again.
  package func adopt(_ configuration: Configuration) {
    self.configuration = configuration
    assembler.quiet = configuration.intake.quiet
    assembler.maximumOpen = configuration.intake.maximumOpen
  }

  package var waitingReports: Int { reports.count }
  package var hasPending: Bool {
    !pendingEntries.isEmpty || !pendingVersions.isEmpty || !pendingRejections.isEmpty
      || !vanished.isEmpty || waiting.hasChanges || delivered.hasChanges
  }

  /// Adds a decoded file to its study, or records a duplicate.
  ///
  /// - Parameter encode: computes image vectors once there are models.
  /// - Throws: `StoreError`, and what `encode` throws.
  package func receive(
    _ stamp: FileStamp, _ arrived: ArrivedInstance, now: ContinuousClock.Instant,
    encode: (inout OpenStudy) throws -> Void
  ) throws {
    let decoded = arrived.decoded
    let (studyKey, instanceKey) = (arrived.keys.study, arrived.keys.instance)
    let accessionKey = keys.accession(decoded.accession)
    let instance = incoming(arrived)
    var entry = entry(stamp, .instance, digest: decoded.digest, studyKey: studyKey)
    entry.instanceKey = instanceKey

    if let earlier = withdraw(entry.pathKey) {
      guard stamp.isCurrent else {
        // Two readings of the file overtook each other, and it is unknown which one saw the current content.
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
      let known = try index.instanceDigest(instanceKey), known.digest == decoded.digest
    {
      let row = try index.file(entry.pathKey)
      let isItself = row?.instanceKey == instanceKey && row?.digest == decoded.digest
      entry.outcome = isItself ? row?.outcome ?? .duplicate : .duplicate
      pendingEntries.append(entry)
      return
    }
    let isOpen =
      assembler.contains(studyKey)
      && accessionKey.map { accessions[$0]?.contains(studyKey) == true } ?? true
    try update(studyKey, now: now) { study in
      study.accessionKey = study.accessionKey ?? accessionKey
      study.names.formUnion(decoded.names.revealed)
      study.patients.formUnion(keys.patients(decoded.patients))
      if !study.add(instance) { entry.outcome = .duplicate }
      let unit = UnitComposer.unitKey(arrived.keys, unit: self.configuration.unit)
      switch arrived.picture {
      case .unneeded: break
      case .withheld: study.show(unit: unit, instanceKey: instanceKey, image: nil)
      case .shown(let image): study.show(unit: unit, instanceKey: instanceKey, image: image)
      }
      if let report = decoded.report,
        !(report.text.revealed.isEmpty && report.predecessors.revealed.isEmpty)
      {
        study.add(
          StudyReport(
            text: report.text, version: self.keys.version(of: report, study: studyKey)),
          key: instanceKey)
      }
      study.files[entry.pathKey] = entry
      self.openFiles[entry.pathKey] = studyKey
      try encode(&study)
      study.trim(
        to: self.configuration.decoding.instancesPerUnit, unit: self.configuration.unit,
        key: studyKey)
    }
    if let accessionKey, accessions[accessionKey, default: []].insert(studyKey).inserted {
      try recallReports(for: studyKey, accessionKey)
    }
    if !isOpen {
      for report in reports.files(studyKey: studyKey, accessionKey: accessionKey) {
        // The study is open now: read the report again and attach it.
        try receive(report: report, onlyFor: [studyKey], now: now)
      }
    }
  }

  /// Quarantines a file that can't be used. If it was removed or changed meanwhile, it counts as new instead.
  package func reject(_ stamp: FileStamp, _ rejection: Rejection) {
    guard stamp.isCurrent else {
      vanished.append(keys.path(stamp.path))
      waiting.end(.report, keys.path(stamp.path))
      return
    }
    let pathKey = keys.path(stamp.path)
    _ = withdraw(pathKey)
    waiting.end(.report, pathKey)
    pendingRejections.append((entry(stamp, .quarantined, digest: nil), rejection))
  }

  /// Records the version of a file that was read again and matches the ledger.
  package func confirm(_ stamp: FileStamp) {
    let key = keys.path(stamp.path)
    // An open study has an entry for it that is not in the ledger yet, so it is read again completely.
    guard openFiles[key] == nil else { return vanished.append(key) }
    pendingVersions.append((key, stamp.version))
  }

  /// Removes and returns complete studies, `limit` at most.
  package func complete(now: ContinuousClock.Instant, limit: Int) -> [(
    key: String, content: OpenStudy
  )] {
    forget(assembler.complete(now: now, limit: limit))
  }

  /// Removes and returns every open study.
  package func flush() -> [(key: String, content: OpenStudy)] { forget(assembler.flush()) }

  /// Keeps complete studies until there are models.
  package func hold(_ studies: [(key: String, content: OpenStudy)]) {
    for (key, study) in studies {
      held[key] = study
      waiting.begin(.study, key, at: secondsSince1970())
      if let accession = study.accessionKey { accessions[accession, default: []].insert(key) }
    }
  }

  /// The held studies, on which models are about to be fitted. Marks each as reference.
  package func takeReference() -> [String: OpenStudy] {
    for key in held.keys { held[key]?.isReference = true }
    return held
  }

  /// Removes and returns the held studies, in order of key.
  package func release() -> [(key: String, content: OpenStudy)] {
    defer { held = [:] }
    waiting.set(.study, [:])
    return forget(held.sorted { $0.key < $1.key }.map { (key: $0.key, content: $0.value) })
  }

  /// Puts back studies whose transaction failed. They count as complete at once.
  package func putBack(_ studies: ArraySlice<(key: String, content: OpenStudy)>) {
    for (key, study) in studies {
      update(key, now: .now - .seconds(configuration.intake.quiet)) { newer in
        let later = newer
        newer = study
        newer.merge(later)
      }
      for pathKey in study.files.keys { openFiles[pathKey] = key }
    }
  }

  /// Writes duplicates and quarantine. Call it inside a transaction, and `forgetPending` after it.
  ///
  /// - Throws: `StoreError`.
  package func writePending(to store: any Store, time: String) throws {
    try waiting.write(to: store)
    try delivered.write(to: store)
    for entry in pendingEntries { try store.record(entry) }
    for (pathKey, version) in pendingVersions { try store.renew(pathKey, version) }
    newRejections = []
    for (entry, rejection) in pendingRejections {
      if try isOld(entry, rejection) {
        try store.renew(entry.pathKey, entry.version)
        continue
      }
      try store.quarantine(entry, rejection, time: time)
      try store.append(AnnotationEvents.quarantine(entry.pathKey, rejection), time: time)
      newRejections.append(rejection)
    }
  }

  /// Drops what was pending, after `writePending`'s transaction.
  ///
  /// - Returns: why files were quarantined, one reason each.
  package func forgetPending() -> [Rejection] {
    defer {
      waiting.written()
      delivered.written()
      pendingEntries = []
      pendingVersions = []
      pendingRejections = []
      newRejections = []
      vanished = []
    }
    return newRejections
  }

  /// Removes the entry that an open study has for a path: a path holds one file. The content that was read stays.
  ///
  /// - Returns: the entry; `nil` if there is none.
  func withdraw(_ pathKey: String) -> LedgerEntry? {
    guard let studyKey = openFiles.removeValue(forKey: pathKey) else { return nil }
    var entry: LedgerEntry?
    amend(studyKey) { entry = $0.files.removeValue(forKey: pathKey) }
    return entry
  }

  /// Records a file whose content its open study already has.
  private func put(_ entry: LedgerEntry) {
    guard let studyKey = entry.studyKey else { return }
    openFiles[entry.pathKey] = studyKey
    amend(studyKey) { $0.files[entry.pathKey] = entry }
  }

  /// A study that is open or held; `nil` for any other.
  package func openStudy(_ key: String) -> OpenStudy? { held[key] ?? assembler.content(of: key) }

  private func amend(_ studyKey: String, _ change: (inout OpenStudy) -> Void) {
    if let place = held.index(forKey: studyKey) { return change(&held.values[place]) }
    assembler.amend(studyKey, change)
  }

  /// Whether a file is already quarantined for the same reason, and differs from the recorded one in nothing but inode
  /// and change time.
  private func isOld(_ entry: LedgerEntry, _ rejection: Rejection) throws -> Bool {
    guard let known = try index.file(entry.pathKey)?.version,
      (known.size, known.modified) == (entry.version.size, entry.version.modified)
    else { return false }
    return try index.isQuarantined(entry.pathKey, rejection)
  }

  /// Changes an open study. Opens it, or reopens a held one, if necessary.
  func update(
    _ studyKey: String, now: ContinuousClock.Instant, _ change: (inout OpenStudy) throws -> Void
  ) rethrows {
    let initial = held.removeValue(forKey: studyKey) ?? OpenStudy()
    try assembler.update(studyKey, now: now, initial: initial, change)
  }

  private func forget(_ studies: [(key: String, content: OpenStudy)]) -> [(
    key: String, content: OpenStudy
  )] {
    for (key, study) in studies {
      if let accession = study.accessionKey {
        accessions[accession]?.remove(key)
        if accessions[accession]?.isEmpty == true { accessions[accession] = nil }
      }
      for pathKey in study.files.keys { openFiles[pathKey] = nil }
    }
    return studies
  }

  func entry(
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
        hasPixels: decoded.hasPixels, frames: arrived.images.count,
        image: arrived.vector?.values ?? [],
        tags: keys.tags(decoded.tags),
        bodyPart: keys.bodyParts.bodyPart(
          examined: decoded.tags["BodyPartExamined"], descriptions: decoded.descriptions.revealed),
        decodePath: decoded.decodePath),
      images: arrived.vector == nil ? arrived.images : [])
  }
}
