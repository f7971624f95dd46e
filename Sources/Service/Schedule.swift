/// When work is due that comes every so many units: a recluster, a look at drift.
struct Schedule: Equatable {
  /// Units between two times; 0 for never.
  private(set) var interval: Int
  /// At how many it is due next.
  private(set) var next: Int

  init(every interval: Int) {
    self.interval = interval
    next = interval
  }

  /// - Parameter units: since the generation in force was promoted.
  func isDue(_ units: Int) -> Bool { interval > 0 && units >= next }

  /// It came to nothing, or can't be done now: it is tried again soon, but not at once and for ever.
  mutating func postpone(_ units: Int) { next = units + max(1, interval / 10) }

  mutating func advance() { next += interval }

  mutating func set(next: Int) { self.next = next }

  /// The next time is as far off as another interval says.
  mutating func change(interval newer: Int) {
    next += newer - interval
    interval = newer
  }
}
