/// A timer for periodic work.
struct Timer {
  private var next: ContinuousClock.Instant?

  func isDue(at now: ContinuousClock.Instant) -> Bool { next.map { $0 <= now } ?? true }

  mutating func wait(_ interval: Duration, from now: ContinuousClock.Instant) {
    next = now + interval
  }

  mutating func fireNow() { next = nil }
}
