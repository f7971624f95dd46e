import Core
import Embeddings
import Foundation
import Intake
import Store
import StudyIntake

extension Pipeline {
  /// Maximum number of studies in one transaction. With `--once` no one waits for the first ones.
  private var batch: Int { state.isOnce ? 256 : 64 }

  /// Annotates complete studies or, if `flushing`, every open one. Without models, holds them.
  ///
  /// - Returns: true if there may be more.
  func annotateDue(flushing: Bool) -> Bool {
    let studies = flushing ? buffer.flush() : buffer.complete(now: .now, limit: batch)
    guard !studies.isEmpty else { return false }
    let due = ContinuousClock.now - buffer.assembler.lateness
    guard annotator != nil else {
      buffer.hold(studies)
      return true
    }
    guard annotate(studies) else { return false }
    if !flushing {
      state.counters.lag.note(due.duration(to: .now) / .seconds(1), studies: studies.count)
    }
    return !flushing
  }

  /// Annotates studies in even batches, because the store waits until the first one is prepared.
  ///
  /// - Returns: false if an error occurred and the remaining studies were put back, or if the daemon must stop.
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
        state.counters.units += new.units
        progress.units += new.learnt
        written = batch.upperBound
      }
    } catch {
      buffer.putBack(studies[written...])
      fail(error)
      return false
    }
    return true
  }

  func writePending() throws {
    guard buffer.hasPending else { return }
    try store.transaction { try buffer.writePending(to: store, time: timestamp()) }
    for key in buffer.vanished { intake.forget(pathKey: key) }
    if !buffer.vanished.isEmpty { state.once.awaitScans() }
    note(quarantined: buffer.forgetPending())
  }

  func flush() {
    _ = annotateDue(flushing: true)
    if annotator == nil { jobs.training.takeAll(held: buffer.held.count) }
  }

  /// With `--once`: whether nothing is left to do.
  var isDone: Bool {
    state.once.isFlushed && jobs.current == nil && !buffer.hasPending && buffer.assembler.count == 0
      && (annotator != nil || buffer.held.isEmpty)
  }

  func finish() {
    intake.stop()
    jobs.current?.cancel()
    jobs.trials.job?.cancel()
    if state.failure == nil && !state.isOnce { _ = annotateDue(flushing: true) }
    do {
      // There is no later check, so announce waiting items now.
      if state.isOnce { try announceWaiting(all: true) }
      try writePending()
      try state.arrivals.save(to: store)
      try store.transaction {
        try jobs.trials.interrupt(store)
        try store.append(
          AnnotationEvents.lifecycle("stopped", ["units": .int(state.counters.units)]),
          time: timestamp())
      }
      try log.catchUp(with: store)
    } catch {
      // A full disk must not block a stop. The next start reads unwritten files again and completes the log.
      if !state.isOnce && error.response == .retry {
        warn("\(error); the next start writes what is missing")
      } else {
        state.failure = state.failure ?? error
      }
    }
    let left = buffer.held.count + buffer.waitingReports
    if left > 0 {
      Log.info(
        "\(buffer.held.count) studies wait for models and \(buffer.waitingReports) reports for their study; "
          + "they are taken again at the next start")
    }
  }
}
