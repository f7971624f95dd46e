import Core
import Decoding
import Features
import Foundation
import Intake
import Store
import Synchronization

/// Exports an annotated data set for pretraining: images with the current clusters as classes.
package struct Exporter {
  private let configuration: Configuration
  private let parameters: ExportParameters
  private let store: any Store
  private let keys: Keys
  private let generation: GenerationRecord
  private let clusters: [Int: ClusterRecord]
  /// Accepted clusters that moved too far since their review to be exported as such, with how far.
  package let outdated: [(label: String, change: ClusterChange)]

  package struct Outcome: Sendable {
    package var images: Int
    package var classes: Int
    package var patients: Int
    /// Images kept from an earlier run.
    package var kept: Int
    /// Instances without an image, by reason.
    package var leftOut: [String: Int]
  }

  /// - Throws: `FileError` when the store, the site key or a cluster to export is missing.
  package init(_ configuration: Configuration, _ parameters: ExportParameters) throws {
    self.configuration = configuration
    self.parameters = parameters
    store = try configuration.state.storeLocation.open(readOnly: true)
    keys = try Keys(configuration)
    let changes = try store.changesSinceReview(limit: configuration.reviewChangeLimit)
      .filter { $0.value.isLarge }
    var outdated: [(label: String, change: ClusterChange)] = []
    guard let generation = try store.generations().first else {
      throw FileError(
        path: store.place, problem: "there is no generation yet: radiologynetd opens the first one",
        exitCode: .data)
    }
    self.generation = generation
    let living = try store.clusters().filter { cluster in
      guard cluster.retired == nil else { return false }
      switch parameters.included {
      case .accepted:
        guard cluster.trust == ClusterTrust.accepted.rawValue else { return false }
        guard let change = changes[cluster.id] else { return true }
        outdated.append((ClusterRecord.label(cluster.id), change))
        return false
      case .unrejected: return cluster.trust != ClusterTrust.rejected.rawValue
      case .all: return true
      }
    }
    clusters = Dictionary(uniqueKeysWithValues: living.map { ($0.id, $0) })
    self.outdated = outdated
    guard !clusters.isEmpty else {
      throw FileError(
        path: configuration.state.store,
        problem:
          "no cluster is \(parameters.included.rawValue)\(outdated.isEmpty ? "" : " and unchanged since its review"): "
          + "accept some (radiologynetctl clusters accept LABEL), or take more with --include",
        exitCode: .data
      )
    }
    guard parameters.format != .dicom || configuration.identifiers == .plain else {
      throw FileError(
        path: configuration.path,
        problem:
          "file names may identify patients: --format dicom needs privacy.uids = \"plain\"",
        exitCode: .configuration)
    }
  }

  /// - Parameter progress: receives the progress as text, from several threads.
  /// - Throws: `FileError`, `StoreError`, `WorkerStartError`.
  package func run(to path: String, progress: @escaping @Sendable (String) -> Void) throws
    -> Outcome
  {
    let folder = try ExportFolder(path, parameters, apartFrom: configuration)
    var (instances, lost) = try choose(progress)
    let units = try ExportUnits(
      store, generation, bundles: configuration.state.bundles,
      wanted: Set(instances.map(\.candidate.unitKey)))
    instances = current(instances, units)
    try ExportPatients(store, keys, configuration).name(&instances, progress)
    var rows: [ExportRow] = []
    var open: [SourceInstance] = []
    for instance in instances {
      if let known = try keep(instance, folder) { rows += known } else { open.append(instance) }
    }
    let kept = rows.count
    let made = try decode(open, into: folder, progress)
    rows += made.rows
    rows.sort {
      ($0.split, $0.cluster, $0.instanceKey, $0.image) < (
        $1.split, $1.cluster, $1.instanceKey, $1.image
      )
    }
    let leftOut = made.leftOut.merging(lost, uniquingKeysWith: +)
    let classes = try ClassList(
      try folder.read(ClassList.name), rows, try store.clusters(), resolve: store.resolve)
    let indices = classes.indices
    for index in rows.indices {
      rows[index].classIndex = indices[rows[index].cluster]
      rows[index].unit = units[rows[index].unitKey]
    }
    let summary = ExportSummary(
      rows: rows, parameters: parameters, generation: generation,
      extractors: units.manifest.extractors, corpusDigest: units.manifest.corpusDigest,
      leftOut: leftOut, classes: classes.exported)
    try ExportContents(summary, units, classes, folder).write()
    return Outcome(
      images: rows.count, classes: Set(rows.map(\.cluster)).count,
      patients: Set(rows.map(\.patientKey)).count, kept: kept, leftOut: leftOut)
  }

  /// Instances with their units' clusters as of the moment when the vectors were read; a report may have moved a unit
  /// since the instance was found.
  private func current(_ instances: [SourceInstance], _ units: ExportUnits) -> [SourceInstance] {
    instances.compactMap { instance in
      guard let unit = units[instance.candidate.unitKey] else { return instance }
      guard clusters[unit.cluster] != nil else { return nil }
      var instance = instance
      instance.candidate.cluster = unit.cluster
      return instance
    }
  }

  /// Instances of the exported clusters whose files still exist, by key, and the number of lost ones by reason.
  private func choose(_ progress: @escaping (String) -> Void) throws -> (
    [SourceInstance], [String: Int]
  ) {
    var found: [String: SourceInstance] = [:]
    var problem: (any Error)?
    var files = 0
    FolderScan(
      file: { stamp in
        files += 1
        progress("\(files) files looked at")
        do {
          guard var candidate = try store.exportCandidate(pathKey: keys.path(stamp.path)),
            clusters[candidate.cluster] != nil, found[candidate.instanceKey] == nil
          else { return }
          // Stores of earlier versions hold whatever the files contained.
          candidate.modality = candidate.modality.map { StandardCode.shown($0, of: "Modality") }
          candidate.bodyPart = candidate.bodyPart.map(keys.bodyParts.shown)
          found[candidate.instanceKey] = SourceInstance(path: stamp.path, candidate: candidate)
        } catch { problem = error }
      },
      folder: { _ in problem == nil },
      problem: { path, code in Log.warning("\(path): \(String(cString: strerror(code)))") }
    ).walk(configuration.intake.input)
    if let problem { throw problem }
    let annotated = try store.instanceCount(clusters: Array(clusters.keys))
    var lost: [String: Int] = [:]
    if annotated > found.count { lost["file_gone"] = annotated - found.count }

    var ofUnit: [String: Int] = [:]
    var ofClass: [Int: Int] = [:]
    let chosen = found.values.sorted { $0.candidate.instanceKey < $1.candidate.instanceKey }
      .filter { instance in
        let (unit, cluster) = (instance.candidate.unitKey, instance.candidate.cluster)
        guard ofUnit[unit, default: 0] < parameters.instancesPerUnit ?? .max,
          ofClass[cluster, default: 0] < parameters.instancesPerClass ?? .max
        else { return false }
        ofUnit[unit, default: 0] += 1
        ofClass[cluster, default: 0] += 1
        return true
      }
    return (chosen, lost)
  }

  /// The rows of an earlier export of the same file, with current labels; `nil` if it has to be exported again.
  private func keep(_ instance: SourceInstance, _ folder: ExportFolder) throws -> [ExportRow]? {
    guard let known = folder.known[instance.candidate.instanceKey],
      known.allSatisfy({ row in
        row.source == instance.candidate.digest
          && (parameters.format == .dicom || row.burnedIn?.fits(parameters.burnedIn) == true)
      })
    else { return nil }
    var rows: [ExportRow] = []
    for var row in known {
      let before = row.file
      row.label(
        instance, name: clusters[instance.candidate.cluster]?.name, parameters)
      if parameters.format != .dicom {
        row.file = row.place
        guard folder.has(before) || folder.has(row.file) else { return nil }
        if row.file != before && folder.has(before) { try folder.move(before, to: row.file) }
      }
      rows.append(row)
    }
    return rows
  }

  private func decode(
    _ instances: [SourceInstance], into folder: ExportFolder,
    _ progress: @escaping @Sendable (String) -> Void
  ) throws -> (rows: [ExportRow], leftOut: [String: Int]) {
    struct Work {
      var next = 0
      var rows: [ExportRow] = []
      var leftOut: [String: Int] = [:]
      var error: (any Error)?
    }
    let work = Mutex(Work())
    let (configuration, parameters) = (configuration, parameters)
    let names = clusters.mapValues(\.name)
    inParallel(configuration.decoding.workers) { _ in
      let worker = DecodingWorker(
        .init(
          executable: DecodingWorker.defaultExecutable,
          instance: .init(
            side: parameters.side, frames: parameters.frames, isDeep: parameters.format == .png16,
            text: parameters.format == .dicom ? .keep : parameters.burnedIn,
            fallbackCharset: configuration.decoding.fallbackCharset),
          timeout: configuration.decoding.timeout, memory: configuration.decoding.memory))
      while let instance = work.withLock({ work -> SourceInstance? in
        guard work.error == nil, work.next < instances.count else { return nil }
        work.next += 1
        progress("\(work.next) of \(instances.count) instances")
        return instances[work.next - 1]
      }) {
        do {
          let result = try instance.images(by: worker, parameters, configuration.intake.input)
          switch result {
          case .success(let images):
            var rows: [ExportRow] = []
            for (var row, data) in images {
              row.label(
                instance, name: names[instance.candidate.cluster] ?? nil, parameters)
              if let data {
                row.file = row.place
                row.sha256 = SHA256Digest.hexadecimal(data)
                try folder.write(data, row.file)
              }
              rows.append(row)
            }
            try folder.note(rows)
            work.withLock { $0.rows += rows }
          case .failure(let reason): work.withLock { $0.leftOut[reason.code, default: 0] += 1 }
          }
        } catch {
          work.withLock { $0.error = error }
        }
      }
    }
    return try work.withLock { work in
      if let error = work.error { throw error }
      return (work.rows, work.leftOut)
    }
  }
}
