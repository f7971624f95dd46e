/// When work is due that repeats every `interval` units: a recluster or a drift window.
struct Schedule: Equatable {
  /// Units between two runs; 0 for never.
  private(set) var interval: Int
  /// Number of units at which it is due next.
  private(set) var next: Int

  init(every interval: Int) {
    self.interval = interval
    next = interval
  }

  /// - Parameter units: number of units since the generation in force was promoted.
  func isDue(_ units: Int) -> Bool { interval > 0 && units >= next }

  /// It failed or can't run now: try again soon, but not at once in an endless loop.
  mutating func postpone(_ units: Int) { next = units + max(1, interval / 10) }

  mutating func advance() { next += interval }

  mutating func set(next: Int) { self.next = next }

  /// Applies another interval, also to the current wait.
  mutating func change(interval newer: Int) {
    next += newer - interval
    interval = newer
  }
}
