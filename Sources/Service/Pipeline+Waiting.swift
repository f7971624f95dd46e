import Core
import Embeddings
import Intake
import Store
import StudyIntake

/// Waiting items are visible: as metrics at any time, and in the log once they have waited too long.
extension Pipeline {
  /// Files that are being written for longer than this count as waiting, seconds.
  private static let longWrite = 30.0

  /// - Parameter settling: how long each file has been seen to change, seconds by path key.
  func noteSettling(_ settling: [String: Double]) {
    let now = secondsSince1970()
    let long = settling.filter { $0.value >= Self.longWrite }
    buffer.waiting.set(.file, long.mapValues { now - $0 })
    // Everything was read once: items that waited at the last stop and weren't seen again are gone.
    if intake.outstanding.count == 0 && buffer.assembler.count == 0 {
      buffer.waiting.endUnconfirmed()
    }
  }

  /// Logs an event for each item that has waited for `intake.waiting_after`, or for every item if `all`.
  func announceWaiting(all: Bool = false) throws {
    guard all || state.waiting.isDue(at: .now) else { return }
    state.waiting.wait(.seconds(min(10, configuration.intake.waitingAfter)), from: .now)
    let now = secondsSince1970()
    let overdue = buffer.waiting.overdue(
      before: all ? now : now - configuration.intake.waitingAfter)
    guard !overdue.isEmpty else { return }
    let time = timestamp()
    try store.transaction {
      for (item, since) in overdue {
        try store.append(AnnotationEvents.waiting(item, since: since, now: now), time: time)
        try store.saveWaiting(item, since: since, isAnnounced: true)
      }
    }
    buffer.waiting.announced(overdue.map(\.item))
    let counts = Dictionary(grouping: overdue, by: \.item.kind).mapValues(\.count)
    warn(
      "waiting: "
        + counts.sorted { $0.key.rawValue < $1.key.rawValue }
        .map { "\($0.value) \($0.key.words)" }.joined(separator: ", "))
  }
}
