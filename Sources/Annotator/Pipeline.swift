import Core
import Decoding
import Features
import Foundation
import Intake
import Store
import Synchronization

/// The daemon's heart: one thread that owns the store, the models and the open studies, and is told of
/// everything through its mailbox.
final class Pipeline {
  /// Replaced when it is read again.
  var configuration: Configuration
  let keys: Keys
  let store: Store
  let mailbox: BlockingQueue<Message>
  let desk: IntakeDesk
  let stage: IntakeStage
  let outstanding: IntakeStage.Outstanding
  let once: Bool
  /// Files that the ledger knew at the start.
  let knownFiles: Int
  /// Units that the store held at the start: to count them takes long in a large one.
  let storedUnits: Int
  let log: AnnotationLog

  /// `nil` until there are models.
  var annotator: StudyAnnotator?
  /// A training or a recluster runs in the background.
  var job: BackgroundJob?
  var counters = Counters()
  /// Held studies at which the first models are trained.
  var trainingThreshold: Int
  /// Units annotated since the generation in force was promoted.
  var unitsSincePromotion: Int
  var reclusters: Schedule
  /// When the next window is judged.
  var driftWindows: Schedule
  var trials: EncoderTrials
  var reclusterWaiters: [BlockingQueue<JSON>] = []
  /// A bundle to change to, when the one in force is another, and when that is tried.
  var wantedBundle: BundleHash?
  var wantedFrom = ContinuousClock.now
  /// What other threads see of the daemon.
  let board: VitalsBoard
  var vitalsDue = ContinuousClock.now
  /// When the store is written to for no other reason than to see whether it can be.
  var probeDue = ContinuousClock.now
  /// The newest window's verdict, and when it was newest.
  var drift: (generation: Int?, threshold: Int, isRaised: Bool, isAlarm: Bool) = (
    nil, -1, false, false
  )
  /// Something last came from the decoding workers, or was taken by none.
  var lastArrival = ContinuousClock.now
  /// The watchdog is no longer fed, and that was said.
  var isStarving = false
  private(set) var isPaused = false
  /// What ended the run other than being told to stop.
  private(set) var failure: (any Error)?

  private var flushed = false
  private var stopping = false
  /// Whole scans to wait for until everything that is there was seen.
  private var scansAwaited = 1
  private var retryAfter = ContinuousClock.now
  /// When it is looked next for what has waited too long.
  var waitingDue = ContinuousClock.now
  private var complained: Set<String> = []

  struct Counters {
    var files = 0
    var quarantined = 0
    var units = 0
    var problems = 0
    var lastProblem: (text: String, time: String)?
    var lag = Vitals.Lag()
    let started = ContinuousClock.now
  }

  /// With more files than these on their way nobody waits for a single one, and they are taken together: a thread that
  /// is woken for each, with the models that it brings into a core's cache, takes a tenth of the workers' time.
  private static let crowd = 64

  /// Studies in one transaction at most. With `once` nobody waits for the first of them.
  private var batch: Int { once ? 256 : 64 }

  init(
    _ configuration: Configuration, keys: Keys, store: Store, log: AnnotationLog,
    annotator: StudyAnnotator?, mailbox: BlockingQueue<Message>, stage: IntakeStage,
    outstanding: IntakeStage.Outstanding, knownFiles: Int, once: Bool, board: VitalsBoard
  ) throws {
    self.board = board
    self.configuration = configuration
    self.keys = keys
    self.store = store
    self.log = log
    self.annotator = annotator
    self.mailbox = mailbox
    self.stage = stage
    self.outstanding = outstanding
    self.once = once
    self.knownFiles = knownFiles
    storedUnits = try store.unitCount()
    desk = try IntakeDesk(configuration, keys: keys, store: store)
    trainingThreshold = configuration.bootstrapStudies
    reclusters = Schedule(every: configuration.recluster.every)
    driftWindows = Schedule(every: configuration.drift.window)
    trials = try EncoderTrials(store)
    unitsSincePromotion =
      try annotator.map {
        try store.windowSizes(generation: $0.generation.number).values.reduce(0, +)
      } ?? 0
    do { wantedBundle = try configuration.state.namedBundle() } catch  where annotator != nil {
      // The generation in force has its own.
      warn("\(error)")
    }
    clearShadows()
    adoptEncoder()
  }

  /// Runs until told to stop or, with `once`, until everything that is there is annotated.
  func run() {
    stage.start()
    var nextTending = ContinuousClock.now
    while failure == nil && !stopping {
      if outstanding.count > Self.crowd { mailbox.gather(Self.crowd, within: .milliseconds(50)) }
      if let message = mailbox.receive(within: patience) {
        do { try handle(message) } catch { fail(error) }
      }
      let isIdle = once && outstanding.count == 0
      guard isIdle || ContinuousClock.now >= nextTending else { continue }
      tend()
      if !once { feedWatchdog() }
      nextTending = .now + .milliseconds(5)
      if once && isDone { break }
    }
    if !once { Notifier.stopping() }
    finish()
  }

  /// Forgotten files are to be seen again before a run with `once` is done: not by the scan that may be
  /// under way, but by the one after it.
  func awaitScans() {
    scansAwaited = 2
    flushed = false
  }

  /// How long to wait for the next message before looking after what is due.
  private var patience: Duration {
    guard retryAfter <= .now, !desk.hasPending, !(once && outstanding.count == 0) else {
      return .milliseconds(50)
    }
    let until = desk.assembler.nextDeadline.map { ContinuousClock.now.duration(to: $0) }
    return min(max(until ?? .seconds(1), .milliseconds(5)), .seconds(1))
  }

  private func handle(_ message: Message) throws {
    if message.isFromIntake {
      lastArrival = .now
      board.pulse.beat(.decoding)
    }
    switch message {
    case .decoded(let stamp, let result):
      defer { outstanding.add(-1) }
      counters.files += 1
      switch result {
      case .success(let arrived) where arrived.images.contains { $0.side != stage.side }:
        // Decoded for the models before: it is decoded again.
        stage.forget(pathKey: keys.path(stamp.path))
      case .success(var arrived):
        if arrived.vector?.bundle != annotator?.encoder.bundle.hash { arrived.vector = nil }
        try desk.receive(stamp, arrived, now: .now) { try annotator?.encode(&$0) }
      case .failure(let rejection):
        desk.reject(stamp, rejection)
      }
    case .report(let stamp):
      defer { outstanding.add(-1) }
      counters.files += 1
      try desk.receive(report: stamp, now: .now)
    case .unchanged(let stamp):
      defer { outstanding.add(-1) }
      desk.confirm(stamp)
    case .scanned(let settling, let seen):
      scansAwaited = !settling.isEmpty ? 1 : max(0, scansAwaited - 1)
      noteSettling(settling)
      try store.note(watchedFolders: seen)
    case .paused(let paused):
      pause(paused)
    case .problem(let text):
      warn(text)
    case .undecoded(let error):
      warn("no decoding worker: \(error)")
      if once { failure = error }
    case .control(let request, let answer):
      control(request, answer)
    case .trained(let result):
      try trained(result)
    case .fitted(let request, let result):
      try fitted(request, result)
    case .tried(let result):
      trials.outcome = result
    case .judged(let result):
      try judged(result)
    case .reload:
      try reload()
    case .stop:
      Log.info("stopping: open studies are annotated first")
      stopping = true
    }
  }

  /// Writes what is due. A full disk or a busy store is waited for; nothing is dropped.
  private func tend() {
    // Whatever fails: others see it.
    defer { do { try renewVitals() } catch { fail(error) } }
    if outstanding.count == 0 { board.pulse.beat(.decoding) }
    guard retryAfter <= .now else { return }
    do {
      try probeStore()
      try announceWaiting()
      try writePending()
      while annotateDue(flushing: false) {}
      if !isWaiting { board.pulse.beat(.annotation) }
      if once && scansAwaited == 0 && outstanding.count == 0 && !flushed { flush() }
      // Before jobs: what keeps one of them from starting is not to keep events from the log.
      try log.catchUp(with: store)
      board.pulse.beat(.log)
      startTrainingIfDue()
      try startReembeddingIfDue()
      try startDriftIfDue()
      startReclusterIfDue()
      try startEncoderTrialIfDue()
      if retryAfter <= .now { complained = [] }
    } catch {
      fail(error)
    }
  }

  /// - Returns: true when there may be more.
  private func annotateDue(flushing: Bool) -> Bool {
    let studies = flushing ? desk.flush() : desk.complete(now: .now, limit: batch)
    guard !studies.isEmpty else { return false }
    let due = ContinuousClock.now - desk.assembler.lateness
    guard annotator != nil else {
      desk.hold(studies)
      return true
    }
    guard annotate(studies) else { return false }
    if !flushing { counters.lag.note(due.duration(to: .now) / .seconds(1), studies: studies.count) }
    return !flushing
  }

  /// In even batches, since the store waits until the first is worked out.
  ///
  /// - Returns: false when the store could not take all of them, and the rest is put back, or when the daemon has to
  ///   stop.
  func annotate(_ studies: [(key: String, content: OpenStudy)]) -> Bool {
    guard let annotator else { return false }
    let batches = evenChunks(studies.count, ofAtMost: batch)
    let preparation = BatchPreparation(
      annotator.encoder, configuration, isAlone: batches.count == 1)
    defer { preparation.stop() }
    var written = 0
    do {
      for (index, batch) in batches.enumerated() {
        if board.stop.isOverdue {
          Log.info("\(studies.count - written) open studies are read again at the next start")
          return false
        }
        if index == 0 { preparation.begin(try annotator.drafts(studies[batch])) }
        if index + 1 < batches.count {
          preparation.begin(try annotator.drafts(studies[batches[index + 1]]))
        }
        let new = try annotator.annotate(preparation.next())
        counters.units += new.units
        unitsSincePromotion += new.learnt
        written = batch.upperBound
      }
    } catch {
      desk.putBack(studies[written...])
      fail(error)
      return false
    }
    return true
  }

  private func writePending() throws {
    guard desk.hasPending else { return }
    try store.transaction { try desk.writePending(time: timestamp()) }
    for key in desk.vanished { stage.forget(pathKey: key) }
    if !desk.vanished.isEmpty { awaitScans() }
    counters.quarantined += desk.forgetPending()
  }

  private func flush() {
    flushed = true
    _ = annotateDue(flushing: true)
    if annotator == nil && !desk.held.isEmpty { trainingThreshold = desk.held.count }
  }

  /// With `once`: nothing is left to do.
  private var isDone: Bool {
    flushed && job == nil && !desk.hasPending && desk.assembler.count == 0
      && (annotator != nil || desk.held.isEmpty)
  }

  private func finish() {
    stage.stop()
    job?.cancel()
    trials.job?.cancel()
    if failure == nil && !once { _ = annotateDue(flushing: true) }
    do {
      // Nobody comes back to look: what waits is said at once.
      if once { try announceWaiting(all: true) }
      try writePending()
      try store.transaction {
        try trials.interrupt(store)
        try store.append(
          AnnotationEvents.lifecycle("stopped", ["units": .int(counters.units)]), time: timestamp())
      }
      try log.catchUp(with: store)
    } catch {
      // A full disk must not block a stop: unwritten files are read again, and the log is completed, at the next start.
      if !once && isTemporary(error) {
        warn("\(error); the next start writes what is missing")
      } else {
        failure = failure ?? error
      }
    }
    let left = desk.held.count + desk.waitingReports
    if left > 0 {
      Log.info(
        "\(desk.held.count) studies wait for models and \(desk.waitingReports) reports for their study; "
          + "they are taken again at the next start")
    }
  }

  /// The store or the log could not be written; it is tried again soon.
  var isWaiting: Bool { retryAfter > .now }

  private func pause(_ paused: Bool) {
    isPaused = paused
    vitalsDue = .now
    if paused {
      warn(
        "intake paused: less than \(configuration.intake.minimumFree >> 20) MiB free at "
          + "\(configuration.state.directory); it resumes by itself")
      if once {
        failure = FileError(path: configuration.state.directory, problem: "the disk is full")
      }
    } else {
      Log.info("intake resumed: there is disk space again")
    }
  }

  /// Ends the run.
  func end(with error: any Error) { failure = error }

  /// A problem that time may mend is waited for; any other one ends the daemon, with the store as it was.
  func fail(_ error: any Error) {
    if isTemporary(error) {
      if complained.insert("\(error)").inserted { warn("\(error); trying again") }
      retryAfter = .now + .seconds(1)
    } else {
      failure = error
    }
  }

  func isTemporary(_ error: any Error) -> Bool {
    (error as? StoreError)?.isTemporary == true || error is FileError
  }

  func warn(_ text: String) {
    counters.lastProblem = (text, timestamp())
    counters.problems += 1
    Log.warning(text)
  }
}
