import Core

/// State of a run of the pipeline.
struct RunState {
  enum Mode: Sendable {
    case service
    /// Ends when everything that is there is annotated. Files changed later than `until` (nanoseconds since 1970) are
    /// skipped.
    case once(until: Int?)

    static let once = Mode.once(until: nil)
  }

  let isOnce: Bool
  var counters: Counters
  var once = OnceProgress()
  var backoff = Backoff()
  var arrivals = ArrivalHistory()
  var hourly: HourlyTotals
  var watch: DecodingWatch
  var isPaused = false
  var isStopping = false
  /// The error that ended the run; `nil` for a requested stop.
  var failure: (any Error)?
  var vitals = Timer()
  /// When to probe an idle store with a write.
  var probe = Timer()
  /// When to check for items that have waited too long.
  var waiting = Timer()

  init(_ mode: Mode, _ configuration: Configuration, _ counters: Counters) {
    self.counters = counters
    hourly = HourlyTotals(counters, now: .now)
    isOnce = if case .once = mode { true } else { false }
    watch = DecodingWatch(timeout: configuration.decoding.timeout, now: .now)
  }
}
