import Core
import Decoding
import Embeddings
import Store
import Synchronization

/// Groups studies by patient, by all patient keys of the archive, so that no patient is in two splits; and patients by
/// near-duplicate pictures, so that no picture is.
struct ExportPatients {
  private let store: any Store
  private let keys: Keys
  private let configuration: Configuration

  init(_ store: any Store, _ keys: Keys, _ configuration: Configuration) {
    self.store = store
    self.keys = keys
    self.configuration = configuration
  }

  /// Sets each instance's patient and the key of its split. A study without a patient key counts as a patient. Patients
  /// with near-duplicates, exported or not, share the split of the one with the smallest key.
  ///
  /// - Throws: `StoreError`, `WorkerStartError`; `FileError` and `DecodingError` for a damaged bundle.
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
    func patient(of study: String) -> String {
      groups.patient(of: study) ?? keys.group(study: study)
    }
    progress("looking for near-duplicates")
    let current = try SimilarityIndex.current(store, bundles: configuration.state.bundles)
    let duplicates = try NearDuplicates(store, bundle: current.bundle, layout: current.layout)
    var shared = KeyGroups()
    for pair in duplicates.pairs {
      let studies = [pair.first, pair.second].compactMap { duplicates.studies[$0] }
      shared.link(patient(of: studies[0]), patient(of: studies[1]))
    }
    for index in instances.indices {
      instances[index].patient = patient(of: instances[index].candidate.studyKey)
      instances[index].splitKey = shared.smallest(of: instances[index].patient)
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
