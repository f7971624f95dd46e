/// How far an experiment is, and how long it will still take. A step clusters one arrangement by one method; how many
/// steps a search takes is known at most, so an estimate shrinks when it ends early.
struct Pace: Sendable {
  private let start: ContinuousClock.Instant
  private let planned: Double
  private var done = 0.0
  /// Steps that took time: those of an earlier run are read from the cache.
  private var worked = 0.0

  /// - Parameter planned: steps at most.
  init(planned: Double, start: ContinuousClock.Instant = .now) {
    self.planned = planned
    self.start = start
  }

  mutating func finish(_ steps: Double, isCached: Bool) {
    done += steps
    if !isCached { worked += steps }
  }

  /// A search ended: its remaining steps are not needed.
  ///
  /// - Parameter steps: planned up to its end.
  mutating func reach(_ steps: Double) { done = max(done, steps) }

  /// `37 %, about 4 min left`; without an estimate in the first seconds.
  func text(at now: ContinuousClock.Instant) -> String {
    let share = "\(Int((100 * min(1, done / max(1, planned))).rounded(.down))) %"
    let elapsed = start.duration(to: now) / .seconds(1)
    guard worked >= 2, elapsed >= 5 else { return share }
    let left = max(0, planned - done) * elapsed / worked
    return share
      + (left < 90
        ? ", about \(Int(left.rounded(.up))) s left"
        : ", about \(Int((left / 60).rounded(.up))) min left")
  }
}
