import Annotator
import Core
import Decoding
import Store
import Synchronization

/// Whose the exported studies are, so that no patient is in two splits: by every key of the whole archive.
struct ExportPatients {
  private let store: Store
  private let keys: Keys
  private let configuration: Configuration

  init(_ store: Store, _ keys: Keys, _ configuration: Configuration) {
    self.store = store
    self.keys = keys
    self.configuration = configuration
  }

  /// Names each instance's patient. A study that has no key of one counts as a patient.
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

  /// The keys of studies that were annotated before these were kept, from their files' headers.
  private func read(
    _ instances: [SourceInstance], _ progress: @escaping @Sendable (String) -> Void
  ) throws -> [(study: String, patient: PatientKey)] {
    struct Work {
      var next = 0
      var found: [Int: [PatientKey]] = [:]
      var error: (any Error)?
    }
    let work = Mutex(Work())
    let (configuration, keys) = (configuration, keys)
    guard !instances.isEmpty else { return [] }
    inParallel(configuration.decoding.workers) { _ in
      let worker = DecodingWorker(
        .init(
          executable: DecodingWorker.defaultExecutable,
          instance: .init(
            side: 32, frames: 1, fallbackCharset: configuration.decoding.fallbackCharset),
          timeout: configuration.decoding.timeout, memory: configuration.decoding.memory))
      while let index = work.withLock({ work -> Int? in
        guard work.error == nil, work.next < instances.count else { return nil }
        work.next += 1
        progress("\(work.next) of \(instances.count) headers")
        return work.next - 1
      }) {
        do throws(WorkerStartError) {
          guard
            case .success((let decoded, _)) = try worker.decode(instances[index].path, frames: 0)
          else { continue }
          work.withLock { $0.found[index] = keys.patients(decoded.patients) }
        } catch {
          work.withLock { $0.error = error }
        }
      }
    }
    return try work.withLock { work in
      if let error = work.error { throw error }
      return instances.indices.flatMap { index in
        (work.found[index] ?? []).map { (instances[index].candidate.studyKey, $0) }
      }
    }
  }
}
