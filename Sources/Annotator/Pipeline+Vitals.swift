import Core
import Foundation
import Glibc
import Intake
import Store

extension Pipeline {
  /// Files have been with the decoding workers for longer than these may take for one.
  private var isDecodingStuck: Bool {
    outstanding.count > 0 && !isPaused
      && lastArrival.duration(to: .now) > .seconds(2 * configuration.decoding.timeout + 60)
  }

  /// systemd's watchdog is fed only while work comes through: a pipeline that turns without doing anything is as dead
  /// as one that hangs.
  func feedWatchdog() {
    // An idle daemon has nothing to wait for: the clock starts with the first file.
    if outstanding.count == 0 { lastArrival = .now }
    let isStuck = isDecodingStuck
    if isStuck && !isStarving { warn("decoding has come to a halt: the watchdog is no longer fed") }
    isStarving = isStuck
    if !isStuck { Notifier.alive() }
  }

  /// The newest window is read again only when there may be another.
  private func renewDrift(_ generation: Int?) throws {
    guard drift.generation != generation || drift.threshold != driftWindows.next else { return }
    let window = try generation.flatMap { try store.driftWindows(generation: $0).last }
    drift = (generation, driftWindows.next, window?.isRaised ?? false, window?.isAlarm ?? false)
  }

  /// Renews what others see, at most once a second.
  func renewVitals() throws {
    guard vitalsDue <= .now else { return }
    vitalsDue = .now + .seconds(1)
    var vitals = Vitals()
    vitals.files = counters.files
    vitals.quarantined = counters.quarantined
    vitals.units = counters.units
    vitals.problems = counters.problems
    vitals.lag = counters.lag
    vitals.queuedFiles = outstanding.count
    vitals.openStudies = desk.assembler.count
    vitals.heldStudies = desk.held.count
    vitals.waitingReports = desk.waitingReports
    let (now, waiting) = (secondsSince1970(), desk.waiting.summary)
    vitals.waiting = WaitingKind.allCases.map { kind in
      let known = waiting[kind]
      return (kind.rawValue, known?.count ?? 0, known.map { max(0, now - $0.oldest) } ?? 0)
    }
    vitals.generation = annotator?.generation.number
    vitals.lastSequence = try store.lastSequence()
    vitals.isPaused = isPaused
    vitals.job = job?.name
    vitals.freeBytes = freeSpace(at: configuration.state.directory) ?? 0
    try renewDrift(vitals.generation)
    (vitals.driftIsRaised, vitals.driftIsAlarm) = (drift.isRaised, drift.isAlarm)
    if isPaused { vitals.ailments.append("intake is paused: no disk space") }
    if !once {
      let sockets = [configuration.metrics, configuration.reviewAddress].compactMap { $0?.path }
      for path in sockets + [configuration.state.socket] where !isSocket(path) {
        vitals.ailments.append("\(path) is gone: restart radiologynetd")
      }
    }
    if isWaiting { vitals.ailments.append("the store or the log can't be written") }
    board.current = vitals
    board.status = status()
    let pace = "\(vitals.units) units annotated, \(vitals.queuedFiles) files queued"
    Notifier.status(
      (vitals.generation.map { "generation \($0)" } ?? "collecting studies") + "; " + pace
        + board.ailments.map { "; " + $0 }.joined())
  }

  private func isSocket(_ path: String) -> Bool {
    var information = stat()
    return lstat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFSOCK
  }

  /// An idle store is written to from time to time, so that it is known before a study comes whether it can be.
  func probeStore() throws {
    guard probeDue <= .now else { return }
    try store.probe()
    probeDue = .now + .seconds(10)
    board.pulse.beat(.store)
  }
}
