import Core
import Decoding
import Features
import Foundation
import Glibc
import Intake
import Store

/// Opens everything the service needs, in an order that leaves nothing half done when a step fails, and
/// runs the pipeline.
public enum Daemon {
  /// Runs until SIGTERM or SIGINT, or, with `once`, until what is there is annotated.
  ///
  /// - Throws: `ConfigurationError`, `FileError`, `FeatureError` or `StoreError`.
  public static func run(_ configuration: Configuration, once: Bool) throws {
    let mailbox = BlockingQueue<Message>(capacity: 256)
    // Before anything starts that a signal would have to stop.
    Signals.receive { mailbox.post($0 == SIGHUP ? .reload : .stop) }
    try prepareFolders(configuration)
    let lock = try lockState(configuration.state.directory)
    defer { close(lock) }

    let keys = try Keys(configuration)
    let store = try Store(path: configuration.state.store)
    let annotator = try openGeneration(configuration, store)
    try store.transaction {
      try store.append(
        AnnotationEvents.lifecycle("started", ["version": .string(softwareVersion)]),
        time: timestamp())
    }
    let log = try AnnotationLog(path: configuration.state.log, store: store) { Log.warning($0) }

    var known: [UInt64: UInt64] = [:]
    try store.ledger {
      known[Keys.short($0)] = FolderWatcher.fingerprint(size: $1, modified: $2)
    }
    if !DecodingWorker.hasLandlock {
      Log.info("this kernel has no Landlock: seccomp alone keeps the decoding workers from writing")
    }
    let outstanding = IntakeStage.Outstanding()
    let stage = IntakeStage(
      configuration, keys: keys, known: known, once: once, mailbox: mailbox,
      outstanding: outstanding)
    let pipeline = try Pipeline(
      configuration, keys: keys, store: store, log: log,
      annotator: annotator.map { encoder, generation in
        try StudyAnnotator(
          configuration, store: store, encoder: encoder, generation: generation)
      }, mailbox: mailbox, stage: stage, outstanding: outstanding, once: once)
    let control = once ? nil : try ControlServer(path: configuration.state.socket, mailbox: mailbox)
    control?.start()
    defer { control?.stop() }
    stage.start()
    let status =
      annotator.map { "generation \($0.1.number)" } ?? "collecting studies for the first models"
    Log.info("watching \(configuration.intake.input); \(known.count) files known; \(status)")
    Notifier.ready(status)
    pipeline.run()
    if let failure = pipeline.failure { throw failure }
  }

  /// The generation in force with its bundle; else the first one of the bundle that `radiologynetctl train`
  /// left; else nothing: the daemon collects studies first.
  private static func openGeneration(_ configuration: Configuration, _ store: Store) throws
    -> (UnitEncoder, LiveGeneration)?
  {
    let folder = configuration.state.bundles
    func encoder(_ hash: String) throws -> UnitEncoder {
      try UnitEncoder(ModelBundle(contentsOf: folder + "/" + hash))
    }
    if let newest = try store.generations().first {
      let encoder = try encoder(newest.bundle)
      let layout = encoder.bundle.fusion.layout
      return (encoder, try LiveGeneration(newest, layout: layout, store: store))
    }
    let active = folder + "/active"
    guard FileManager.default.fileExists(atPath: active) else { return nil }
    let hash = String(decoding: try readFile(active), as: UTF8.self).trimmingCharacters(
      in: .whitespacesAndNewlines)
    let trained = try encoder(hash)
    let promotion = Promotion(store: store, configuration: configuration, encoder: trained)
    return (trained, try promotion.open(trained.bundle.clustering(), reason: "bundle"))
  }

  private static func prepareFolders(_ configuration: Configuration) throws {
    let input = configuration.intake.input
    guard access(input, R_OK | X_OK) == 0 else {
      throw FileError(
        path: input,
        problem: "\(String(cString: strerror(errno))); intake.input must be a readable folder")
    }
    try makeFolder(configuration.state.directory)
    try makeFolder(configuration.state.bundles)
    guard access(DecodingWorker.defaultExecutable, X_OK) == 0 else {
      throw FileError(
        path: DecodingWorker.defaultExecutable, problem: "the decoding worker is not installed")
    }
  }

  /// One daemon for each state folder.
  private static func lockState(_ directory: String) throws -> Int32 {
    let path = directory + "/lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else { throw FileError(path: path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw FileError(path: path, problem: "another radiologynetd uses this state folder")
    }
    return descriptor
  }

}
