import Core
import Decoding
import Embeddings
import Foundation
import Glibc
import Intake

/// Opens everything the service needs, in an order that leaves nothing half done if a step fails, and runs the
/// pipeline.
package enum Daemon {
  /// Runs until SIGTERM or SIGINT or, with `once`, until everything that is there is annotated.
  ///
  /// - Throws: `ConfigurationError`, `FileError`, `FeatureError` or `StoreError`.
  package static func run(_ configuration: Configuration, once: Bool) throws {
    let mailbox = BlockingQueue<Message>(capacity: 256)
    let board = VitalsBoard(configuration)
    prepareDecoding()
    // Before anything starts that a signal must stop.
    Signals.receive {
      if $0 != SIGHUP { board.stop.make() }
      mailbox.post($0 == SIGHUP ? .reload : .stop)
    }
    try prepareFolders(configuration)
    let locks = try lockState(configuration.state.directory)
    defer { for lock in locks { close(lock) } }

    if !once { Journal.takeOver(board) }
    // Before the slow steps, so that a status request is answered with "starting".
    let control =
      once
      ? nil : try ControlServer(configuration.state, mailbox: mailbox, board: board)
    control?.start()
    defer { control?.stop() }
    // Runs while models are loaded.
    let selfTest = Eventual { try SelfTest.run(configuration) }
    let pipeline = try Pipeline(
      configuration, keys: Keys(configuration), once ? .once : .service, mailbox: mailbox,
      board: board)
    try selfTest.get()
    if !DecodingWorker.hasLandlock {
      Log.info("this kernel has no Landlock: seccomp alone keeps the decoding workers from writing")
    }
    let metrics = once ? nil : try MetricsServer.start(configuration.metrics, board)
    let review = once ? nil : try ReviewServer.start(configuration)
    defer { withExtendedLifetime((metrics, review)) {} }
    let status =
      pipeline.annotator.map { "generation \($0.generation.number)" }
      ?? "collecting studies for the first models"
    Log.info(
      "watching \(configuration.intake.input); \(pipeline.state.counters.knownFiles) files known; \(status)"
    )
    if !once { Notifier.ready(status) }
    pipeline.run()
    if let failure = pipeline.state.failure { throw failure }
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
        path: DecodingWorker.defaultExecutable, problem: "the decoding worker is not installed",
        exitCode: .unavailable)
    }
  }

  /// Allows one daemon per state folder. Locks the folder, because a file in it could be removed, and a file, because
  /// some network file systems can't lock folders.
  ///
  /// - Throws: `FileError`.
  private static func lockState(_ directory: String) throws -> [Int32] {
    let file = try openOrMake(directory + "/lock", O_RDWR)
    let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw FileError(path: directory) }
    for descriptor in [file, folder] where flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK else { continue }
      throw FileError(
        path: directory, problem: "another radiologynetd uses this state folder",
        exitCode: .temporaryFailure)
    }
    return [file, folder]
  }
}
