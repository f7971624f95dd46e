import Core
import Decoding
import Store
import Synchronization

/// Groups studies by patient, by all patient keys of the archive, so that no patient is in two splits.
struct ExportPatients {
  private let store: any Store
  private let keys: Keys
  private let configuration: Configuration

  init(_ store: any Store, _ keys: Keys, _ configuration: Configuration) {
    self.store = store
    self.keys = keys
    self.configuration = configuration
  }

  /// Sets each instance's patient. A study without a patient key counts as a patient.
  ///
  /// - Throws: `StoreError`, `WorkerStartError`.
  func name(_ instances: inout [SourceInstance], _ progress: @escaping @Sendable (String) -> Void)
    throws
  {
    var groups = PatientGroups()
    var known: Set<String> = []
    try store.patients { study, patient in
      known.insert(study)
      if let patient { groups.link(study: study, number: patient.number, whole: patient.whole) }
    }
    let unknown = instances.filter { !known.contains($0.candidate.studyKey) }
    for (study, patient) in try read(unknown, progress) {
      groups.link(study: study, number: patient.number, whole: patient.whole)
    }
    for index in instances.indices {
      let study = instances[index].candidate.studyKey
      instances[index].patient = groups.patient(of: study) ?? keys.group(study: study)
    }
  }

  /// Patient keys, read from file headers, of studies annotated before the store kept them.
  private func read(
    _ instances: [SourceInstance], _ progress: @escaping @Sendable (String) -> Void
  ) throws -> [(study: String, patient: PatientKey)] {
    let found = Mutex([Int: [PatientKey]]())
    try HeaderReading.read(
      instances.map(\.path), configuration.decoding, progress: progress
    ) { [keys] index, decoded in
      found.withLock { $0[index] = keys.patients(decoded.patients) }
    }
    return found.withLock { found in
      instances.indices.flatMap { index in
        (found[index] ?? []).map { (instances[index].candidate.studyKey, $0) }
      }
    }
  }
}
