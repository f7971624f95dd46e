import Core
import Decoding
import Embeddings
import Features
import Foundation
import Intake
import Store
import StudyIntake

/// Owns the store, the models and the open studies, and runs on one thread. Everything reaches it through its mailbox.
final class Pipeline {
  /// Replaced on reload.
  var configuration: Configuration
  let keys: Keys
  let store: any Store
  let log: AnnotationLog
  let mailbox: BlockingQueue<Message>
  let intake: IntakeStage
  let buffer: IntakeBuffer
  /// `nil` until there are models.
  var annotator: StudyAnnotator?
  var jobs: Jobs
  var progress: GenerationProgress
  var state: RunState
  /// The service's state for other threads.
  let board: VitalsBoard

  /// With more files than this in intake, no one waits for a single one, so messages are taken in batches. A thread
  /// that wakes for each, and loads the models into a core's cache, costs a tenth of the workers' time.
  private static let batchThreshold = 64

  /// Opens a pipeline over the configuration's state folder, which is created if missing.
  ///
  /// - Throws: `FileError`, `FeatureError` or `StoreError`.
  init(
    _ configuration: Configuration, keys: Keys, _ mode: RunState.Mode,
    mailbox: BlockingQueue<Message>, board: VitalsBoard
  ) throws {
    let store = try configuration.state.storeLocation.open()
    try store.check(keys.siteKey)
    // Runs while models are loaded.
    let ledger = Eventual { try LedgerReading.files(configuration.state.storeLocation) }
    annotator = try Self.openGeneration(configuration, keys, store).map { encoder, generation in
      try StudyAnnotator(
        configuration, keys: keys, store: store, encoder: encoder,
        generation: generation)
    }
    try store.transaction {
      try store.append(
        AnnotationEvents.lifecycle("started", ["version": .string(softwareVersion)]),
        time: timestamp())
    }
    log = try AnnotationLog(path: configuration.state.log, store: store) { Log.warning($0) }
    let known = try ledger.get()
    state = RunState(
      mode, configuration,
      Counters(knownFiles: known.count, storedUnits: try store.unitCount()))
    state.arrivals = try ArrivalHistory(store)
    var options = IntakeStage.Options(once: state.isOnce)
    options.makesPictures = true
    options.known = known
    options.seen = try store.watchedFolders()
    if case .once(let until) = mode { options.until = until }
    options.ledger = configuration.state.storeLocation
    intake = IntakeStage(
      configuration, keys: keys, options,
      receiver: MailboxReceiver(mailbox: mailbox, pulse: board.pulse))
    buffer = try IntakeBuffer(configuration, keys: keys, index: store)
    jobs = try Jobs(configuration, store)
    let generation = annotator?.generation.number
    progress = GenerationProgress(
      configuration,
      units: try generation.map { try store.windowSizes(generation: $0).values.reduce(0, +) } ?? 0)
    self.configuration = configuration
    self.keys = keys
    self.store = store
    self.mailbox = mailbox
    self.board = board
    do {
      if let named = try configuration.state.namedBundle() { jobs.wanted.set(named) }
    } catch  where annotator != nil {
      // The generation in force names its own bundle.
      warn("\(error)")
    }
    clearShadows()
    adoptEncoder()
  }

  /// Runs until a stop request or, with `--once`, until everything that is there is annotated.
  func run() {
    intake.start()
    var nextWork = ContinuousClock.now
    while state.failure == nil && !state.isStopping {
      if intake.outstanding.count > Self.batchThreshold {
        mailbox.gather(Self.batchThreshold, within: .milliseconds(50))
      }
      if let message = mailbox.receive(within: patience) {
        do { try handle(message) } catch { fail(error) }
      }
      let isIdle = state.isOnce && intake.outstanding.count == 0
      guard isIdle || ContinuousClock.now >= nextWork else { continue }
      runDueWork()
      if !state.isOnce { feedWatchdog() }
      nextWork = .now + .milliseconds(5)
      if state.isOnce && isDone { break }
    }
    if !state.isOnce { Notifier.stopping() }
    finish()
  }

  /// How long to wait for the next message before doing due work.
  private var patience: Duration {
    guard !isWaiting, !buffer.hasPending, !(state.isOnce && intake.outstanding.count == 0) else {
      return .milliseconds(50)
    }
    let until = buffer.assembler.nextDeadline.map { ContinuousClock.now.duration(to: $0) }
    return min(max(until ?? .seconds(1), .milliseconds(5)), .seconds(1))
  }

  private func handle(_ message: Message) throws {
    switch message {
    case .intake(let message): try handle(message)
    case .control(let request, let answer): control(request, answer)
    case .trained(let result): try trained(result)
    case .fitted(let request, let result): try fitted(request, result)
    case .tried(let result): jobs.trials.outcome = result
    case .judged(let result): try judged(result)
    case .reload: try reload()
    case .stop:
      Log.info("stopping: open studies are annotated first")
      state.isStopping = true
    }
  }

  private func handle(_ message: IntakeMessage) throws {
    if message.isFromWorkers {
      state.watch.arrived(at: .now)
      board.pulse.beat(.decoding)
    }
    switch message {
    case .decoded(let stamp, let result):
      defer { intake.outstanding.add(-1) }
      noteFile()
      switch result {
      case .success(let arrived) where arrived.images.contains { $0.side != intake.side }:
        // Decoded for the previous models: decode it again.
        intake.forget(pathKey: keys.path(stamp.path))
      case .success(var arrived):
        if arrived.vector?.bundle != annotator?.encoder.bundle.hash { arrived.vector = nil }
        try buffer.receive(stamp, arrived, now: .now) { try annotator?.encode(&$0) }
      case .failure(let rejection):
        buffer.reject(stamp, rejection)
      }
    case .report(let stamp):
      defer { intake.outstanding.add(-1) }
      noteFile()
      try buffer.receive(report: stamp, now: .now)
    case .unchanged(let stamp):
      defer { intake.outstanding.add(-1) }
      buffer.confirm(stamp)
    case .scanned(let settling, let seen):
      state.once.scanned(isSettled: settling.isEmpty)
      state.arrivals.scanned()
      noteSettling(settling)
      try store.note(watchedFolders: seen)
    case .paused(let paused):
      pause(paused)
    case .problem(let text):
      warn(text)
    case .undecoded(let error):
      warn("no decoding worker: \(error)")
      if state.isOnce { state.failure = error }
    }
  }

  /// Does due work. Waits for a full disk or a busy store; drops nothing.
  private func runDueWork() {
    // Even after a failure, so that others see it.
    defer { do { try renewVitals() } catch { fail(error) } }
    if intake.outstanding.count == 0 { board.pulse.beat(.decoding) }
    guard !isWaiting else { return }
    do {
      try probeStore()
      try announceWaiting()
      try writePending()
      while annotateDue(flushing: false) {}
      if !isWaiting { board.pulse.beat(.annotation) }
      if state.isOnce && state.once.takeFlush(queued: intake.outstanding.count) { flush() }
      // Before jobs: if one of them can't start, events must still reach the log.
      try log.catchUp(with: store)
      board.pulse.beat(.log)
      startTrainingIfDue()
      try startReembeddingIfDue()
      try startDriftIfDue()
      startReclusterIfDue()
      try startEncoderTrialIfDue()
      if !isWaiting { state.backoff.succeed() }
    } catch {
      fail(error)
    }
  }

  /// Whether the pipeline waits because the store or the log could not be written. It retries soon.
  var isWaiting: Bool { state.backoff.isWaiting(at: .now) }

  private func pause(_ paused: Bool) {
    state.isPaused = paused
    state.vitals.fireNow()
    if paused {
      warn(
        "intake paused: less than \(configuration.intake.minimumFree >> 20) MiB free at "
          + "\(configuration.state.directory); it resumes by itself")
      if state.isOnce {
        state.failure = FileError(
          path: configuration.state.directory, problem: "the disk is full", exitCode: .io)
      }
    } else {
      Log.info("intake resumed: there is disk space again")
    }
  }

  /// Ends the run with an error.
  func end(with error: any Error) { state.failure = error }

  /// Retries after a temporary error. Any other error ends the daemon and leaves the store as it was.
  func fail(_ error: any Error) {
    if error.response == .retry {
      if state.backoff.fail("\(error)", at: .now) { warn("\(error); trying again") }
    } else {
      state.failure = error
    }
  }

  func warn(_ text: String) {
    state.counters.lastProblem = (text, timestamp())
    state.counters.problems += 1
    Log.warning(text)
  }
}
