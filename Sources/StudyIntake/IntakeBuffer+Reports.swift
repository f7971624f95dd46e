import Core
import Decoding
import Embeddings
import Foundation
import Intake
import Store

/// Matching of report files to studies.
extension IntakeBuffer {
  /// Adds each report of a file to its studies if they are open, held or annotated. Otherwise the file waits.
  ///
  /// - Parameter only: studies that have just arrived; the others have the report already.
  /// - Throws: `StoreError`.
  package func receive(
    report stamp: FileStamp, onlyFor only: Set<String>? = nil, now: ContinuousClock.Instant
  ) throws {
    let file: ReportFile
    do throws(Rejection) {
      file = try ReportFile(stamp.path, encoding: configuration.intake.reportEncoding)
    } catch {
      reject(stamp, error)
      return
    }
    var awaited: [String] = []
    let pathKey = keys.path(stamp.path)
    let only = only ?? delivered.takeAsking(pathKey, version: stamp.version)
    var found: [(report: Report, study: String)] = []
    for report in file.reports {
      let identifiers = report.identifiers.revealed.map { Redacted($0) }
      let studyKeys = identifiers.map(keys.study)
      let accessionKeys = identifiers.compactMap(keys.accession)
      let addressees = try ReportAddressees(
        try studies(studyKeys, accessionKeys), named: Set(studyKeys),
        patients: keys.patients(report.patients), known: patients)
      let studies = addressees.studies
      if studies.isEmpty {
        awaited += studyKeys + accessionKeys
      } else {
        delivered.note(pathKey, accessionKeys: accessionKeys)
      }
      found += studies.filter { only?.contains($0) != false }.map { (report, $0) }
      found += try addressees.others.compactMap { study in
        try taken(report, from: study, pathKey).map { ($0, study) }
      }
    }
    reports.remember(stamp, keys: awaited)
    if awaited.isEmpty {
      waiting.end(.report, pathKey)
    } else {
      waiting.begin(.report, pathKey, at: secondsSince1970())
    }
    attach(found, stamp, isWhole: awaited.isEmpty, now: now)
  }

  /// Reads reports again that went to other studies with the same accession number as a new study.
  func recallReports(for studyKey: String, _ accessionKey: String) throws {
    guard try index.studies(studyKeys: [studyKey], accessionKeys: []).isEmpty else { return }
    for pathKey in try delivered.paths(accessionKey: accessionKey, index) {
      let version = try withdraw(pathKey)?.version ?? index.file(pathKey)?.version
      delivered.recall(pathKey, for: studyKey, version: version)
      vanished.append(pathKey)
    }
  }

  /// Every study that a report names, sorted by key: several studies may share an accession number.
  private func studies(_ studyKeys: [String], _ accessionKeys: [String]) throws -> [String] {
    let open = studyKeys.filter { assembler.contains($0) || held[$0] != nil }
    let byAccession = accessionKeys.flatMap { accessions[$0] ?? [] }
    let stored = try index.studies(studyKeys: studyKeys, accessionKeys: accessionKeys)
    return Set(open + byAccession + stored).sorted()
  }

  /// Adds reports to their studies.
  ///
  /// - Parameter isWhole: the file needn't be read again. Otherwise it is not entered in the ledger.
  private func attach(
    _ found: [(report: Report, study: String)], _ stamp: FileStamp, isWhole: Bool,
    now: ContinuousClock.Instant
  ) {
    let pathKey = keys.path(stamp.path)
    _ = withdraw(pathKey)
    // A waiting file is read again anyway.
    let entry =
      isWhole ? entry(stamp, .report, digest: try? ContentDigest.of(file: stamp.path)) : nil
    if found.isEmpty, let entry { pendingEntries.append(entry) }
    for (index, (report, studyKey)) in found.enumerated() {
      let isLast = index == found.count - 1
      update(studyKey, now: now) { study in
        for observation in report.observations {
          study.add(
            StudyReport(
              text: observation.text, version: ReportVersion(rank: observation.rank)),
            key: keys.report(observation.identity, path: pathKey, study: studyKey))
        }
        study.names.formUnion(report.names.revealed)
        guard isLast, let entry else { return }
        study.files[pathKey] = entry
        study.files[pathKey]?.studyKey = studyKey
        openFiles[pathKey] = studyKey
      }
    }
  }

  /// The keys under which the files of a study name its patient.
  private func patients(of studyKey: String) throws -> Set<PatientKey> {
    try index.patients(ofStudy: studyKey).union(openStudy(studyKey)?.patients ?? [])
  }

  /// Whether a study, open or annotated, has received a report's text.
  private func has(_ reportKey: String, in studyKey: String) throws -> Bool {
    try openStudy(studyKey)?.reports[reportKey] != nil || index.hasReport(reportKey)
  }

  /// A report with empty texts, for a study that received the texts by mistake; `nil` if it received none.
  private func taken(_ report: Report, from studyKey: String, _ pathKey: String) throws -> Report? {
    var taken = report
    taken.observations = try report.observations.filter {
      try has(keys.report($0.identity, path: pathKey, study: studyKey), in: studyKey)
    }
    for index in taken.observations.indices { taken.observations[index].text = Redacted("") }
    return taken.observations.isEmpty ? nil : taken
  }
}
