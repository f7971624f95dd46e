import Core
import Decoding
import Embeddings
import Features
import Foundation
import Glibc
import Intake
import Store
import StudyIntake
import Synchronization

/// Trains a bundle from a folder, outside the service.
package enum OfflineTraining {
  package struct Result: Sendable {
    package var hash: String
    package var folder: String
    package var units: Int
    package var images: Int
    package var texts: Int
    /// Files that could not be used.
    package var rejected: Int
    /// Whether the daemon will open its first generation from it.
    package var activated: Bool
  }

  /// - Parameters:
  ///   - archive: every unit of the input folder, and how many files could not be used.
  ///   - selection: why these features, for the bundle's manifest.
  ///   - image: an encoder and the name of its method, used instead of the configured one. The archive's images must
  ///     have its side.
  ///   - progress: receives each step, in words.
  /// - Throws: `FileError`, `FeatureError`, `StoreError`.
  package static func run(
    _ configuration: Configuration, archive: (units: [ArchiveUnit], rejected: Int),
    selection: String? = nil, image: (encoder: ImageEncoder, method: String)? = nil,
    progress: @escaping (String) -> Void
  ) throws -> Result {
    let state = configuration.state
    let units = archive.units.map(\.unit)
    // Checkpoints are written there.
    try makeFolder(state.directory)
    try asOwner(of: state.directory) { try makeFolder(state.bundles) }
    let bundle = try ModelBundle.train(
      units, configuration: configuration, selection: selection, image: image,
      keys: Keys(configuration), progress: progress)
    let hash = try ActiveBundle.parsed(bundle.hash)
    let folder = try asOwner(of: state.directory) { try bundle.write(below: state.bundles) }
    // Importing a program is consent to it.
    if geteuid() == 0, let digest = bundle.manifest.files[ProgramConsent.fileName] {
      try ProgramConsent.approve(hash, state: state.directory, digest: digest)
    }
    let hasGeneration = try asOwner(of: state.directory) {
      let hasGeneration =
        FileManager.default.fileExists(atPath: state.store)
        ? try !state.storeLocation.open(readOnly: true).generations().isEmpty : false
      if !hasGeneration { try ActiveBundle.set(hash, state) }
      return hasGeneration
    }
    return Result(
      hash: bundle.hash, folder: folder, units: units.count, images: bundle.manifest.trainingImages,
      texts: bundle.manifest.trainingTexts, rejected: archive.rejected, activated: !hasGeneration)
  }

  /// Every unit of the input folder, with its images and texts, and how many files could not be used.
  ///
  /// - Throws: `FileError`, `WorkerStartError`.
  package static func units(_ configuration: Configuration, progress: (String) -> Void) throws
    -> (units: [ArchiveUnit], rejected: Int)
  {
    let (studies, rejected) = try collect(configuration, Keys(configuration), progress)
    return (Trainer.units(studies, configuration: configuration), rejected)
  }

  /// Units of a share of the input folder's studies, the same ones each time, with few images per unit: training data
  /// for a network, small enough to fit in memory beside the service.
  ///
  /// - Throws: `FileError`, `WorkerStartError`, `CancellationError`.
  package static func sample(
    _ configuration: Configuration, share: Double, cancelled: @escaping () -> Bool
  )
    throws -> [TrainingUnit]
  {
    var small = configuration
    small.decoding.framesPerInstance = 1
    small.decoding.instancesPerUnit = min(4, configuration.decoding.instancesPerUnit)
    small.decoding.workers = max(1, configuration.decoding.workers / 2)
    // Ignore files that arrive meanwhile: in a folder that never settles, reading would never end.
    let now = Int(Date().timeIntervalSince1970 * 1e9)
    let (studies, _) = try collect(
      small, Keys(configuration), until: now,
      isWanted: { share >= 1 || place(ofStudy: $0) < share },
      cancelled: cancelled)
    return Trainer.units(studies, configuration: small).map(\.unit)
  }

  /// A hash of the key in [0, 1), effectively random.
  private static func place(ofStudy key: String) -> Double {
    let digits = SHA256Digest.hexadecimal(Data("sample \(key)".utf8)).prefix(8)
    return Double(UInt32(digits, radix: 16) ?? 0) / 4_294_967_296
  }

  /// Decodes a whole folder into open studies, with every worker at once.
  private static func collect(
    _ configuration: Configuration, _ keys: Keys, until: Int? = nil,
    isWanted: (String) -> Bool = { _ in true },
    cancelled: () -> Bool = { false }, _ progress: (String) -> Void = { _ in }
  ) throws
    -> (studies: [String: OpenStudy], rejected: Int)
  {
    let buffer = try IntakeBuffer(configuration, keys: keys, index: EmptyIndex())
    let queue = BlockingQueue<IntakeMessage>(capacity: 256)
    var options = IntakeStage.Options(once: true)
    options.until = until
    let stage = IntakeStage(
      configuration, keys: keys, options, receiver: QueueReceiver(queue: queue))
    let outstanding = stage.outstanding
    stage.start()
    defer {
      stage.stop()
      queue.close()
      stage.join()
    }
    var files = 0
    var rejected = 0
    var scanned = false
    while !scanned || outstanding.count > 0 {
      if cancelled() { throw CancellationError() }
      guard let message = queue.receive(within: .milliseconds(100)) else { continue }
      switch message {
      case .decoded(_, .success(let arrived)) where !isWanted(arrived.keys.study):
        outstanding.add(-1)
      case .decoded(let stamp, .success(var arrived)):
        // A digest that can't be forged shows what a bundle was trained on and to which side of an experiment a study
        // belongs.
        if let digest = try? SHA256Digest.hexadecimal(file: stamp.path) {
          arrived.decoded.digest = digest
          arrived.keys = keys.keys(of: arrived.decoded)
          try buffer.receive(stamp, arrived, now: .now) { _ in }
        } else {
          rejected += 1
        }
        outstanding.add(-1)
      case .decoded(_, .failure):
        rejected += 1
        outstanding.add(-1)
      case .report(let stamp):
        try buffer.receive(report: stamp, now: .now)
        outstanding.add(-1)
      case .unchanged: outstanding.add(-1)
      case .scanned(let settling, _): scanned = settling.isEmpty
      case .problem(let text): Log.warning(text)
      // Beside the service, wait for the worker as the service does.
      case .undecoded(let error): if until == nil { throw error }
      case .paused: break
      }
      files += 1
      progress("\(files) files read")
    }
    return (Dictionary(uniqueKeysWithValues: buffer.flush().map { ($0.key, $0.content) }), rejected)
  }
}

private struct QueueReceiver: IntakeReceiver {
  let queue: BlockingQueue<IntakeMessage>

  func send(_ message: IntakeMessage) { queue.send(message) }
  func post(_ message: IntakeMessage) { queue.post(message) }
  func scanAdvanced() {}
  func scanFailed(_ problem: String) {}
}

/// Training reads a folder as if nothing in it had been seen before.
private final class EmptyIndex: IntakeIndex {
  func file(_ pathKey: String) -> LedgerEntry? { nil }
  func isQuarantined(_ pathKey: String, _ rejection: Rejection) -> Bool { false }
  func instanceDigest(_ instanceKey: String) -> (digest: String, studyKey: String)? { nil }
  func studies(studyKeys: [String], accessionKeys: [String]) -> [String] { [] }
  func patients(ofStudy studyKey: String) -> Set<PatientKey> { [] }
  func hasReport(_ reportKey: String) -> Bool { false }
  func deliveries(accessionKey: String) -> [String] { [] }
  func waitingItems() -> [WaitingItem: (since: Double, isAnnounced: Bool)] { [:] }
}
