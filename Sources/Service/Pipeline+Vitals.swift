import Core
import Embeddings
import Foundation
import Glibc
import Intake
import Store
import StudyIntake

extension Pipeline {
  /// Feeds systemd's watchdog, but only while there is progress.
  func feedWatchdog() {
    switch state.watch.check(
      queued: intake.outstanding.count, isPaused: state.isPaused, at: .now)
    {
    case .feed: Notifier.alive()
    case .starve: warn("decoding has stalled: the watchdog is no longer fed")
    case .nothing: break
    }
  }

  /// Updates the drift verdict. Reads the newest window only if there may be a new one.
  private func renewDrift(_ generation: Int?) throws {
    let (verdict, next) = (progress.verdict, progress.windows.next)
    guard verdict.generation != generation || verdict.nextWindow != next else { return }
    let window = try generation.flatMap { try store.driftWindows(generation: $0).last }
    progress.verdict = .init(
      generation: generation, nextWindow: next, drift: window.map(DriftVerdict.init) ?? .init())
  }

  /// Updates the snapshot for other threads, at most once a second.
  func renewVitals() throws {
    guard state.vitals.isDue(at: .now) else { return }
    state.vitals.wait(.seconds(1), from: .now)
    reportHour()
    var vitals = Vitals()
    vitals.files = state.counters.files
    vitals.quarantined = state.counters.quarantined
    vitals.units = state.counters.units
    vitals.problems = state.counters.problems
    vitals.lag = state.counters.lag
    vitals.lastFile = state.arrivals.last
    vitals.longestPause = state.arrivals.longestPause
    vitals.queuedFiles = intake.outstanding.count
    vitals.openStudies = buffer.assembler.count
    vitals.heldStudies = buffer.held.count
    vitals.waitingReports = buffer.waitingReports
    let (now, waiting) = (secondsSince1970(), buffer.waiting.summary)
    vitals.waiting = WaitingKind.allCases.map { kind in
      let known = waiting[kind]
      return (kind.rawValue, known?.count ?? 0, known.map { max(0, now - $0.oldest) } ?? 0)
    }
    vitals.generation = annotator?.generation.number
    vitals.lastSequence = try store.lastSequence()
    vitals.isPaused = state.isPaused
    vitals.job = jobs.current?.name
    vitals.freeBytes = freeSpace(at: configuration.state.directory) ?? 0
    try renewDrift(vitals.generation)
    vitals.drift = progress.verdict.drift
    if state.isPaused { vitals.healthIssues.append("intake is paused: no disk space") }
    if !state.isOnce {
      let sockets = [configuration.metrics, configuration.reviewAddress].compactMap { $0?.path }
      for path in sockets + [configuration.state.socket] where !isSocket(path) {
        vitals.healthIssues.append("\(path) is gone: restart radiologynetd")
      }
    }
    if let quiet = state.arrivals.issue(
      at: secondsSince1970(), factor: configuration.quietFactor)
    {
      vitals.healthIssues.append(quiet)
    }
    if isWaiting { vitals.healthIssues.append("the store or the log can't be written") }
    board.current = vitals
    board.status = status()
    let pace = "\(vitals.units) units annotated, \(vitals.queuedFiles) files queued"
    Notifier.status(
      (vitals.generation.map { "generation \($0)" } ?? "collecting studies") + "; " + pace
        + board.healthIssues.map { "; " + $0 }.joined())
  }

  private func isSocket(_ path: String) -> Bool {
    var information = stat()
    return lstat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFSOCK
  }

  /// Writes to an idle store from time to time, so that a failure is noticed before a study arrives.
  func probeStore() throws {
    guard state.probe.isDue(at: .now) else { return }
    try store.probe()
    try state.arrivals.save(to: store)
    state.probe.wait(.seconds(10), from: .now)
    board.pulse.beat(.store)
  }
}
