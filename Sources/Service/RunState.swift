import Core

/// Where a run of the pipeline stands.
struct RunState {
  enum Mode: Sendable {
    case service
    /// Ends when everything that is there is annotated. Files changed later than `until` (nanoseconds since 1970) are
    /// left alone.
    case once(until: Int?)

    static let once = Mode.once(until: nil)
  }

  let isOnce: Bool
  var once = OnceProgress()
  var backoff = Backoff()
  var watch: DecodingWatch
  var isPaused = false
  var isStopping = false
  /// What ended the run, other than a request to stop.
  var failure: (any Error)?
  var vitals = Timer()
  /// When an idle store is written to, only to see whether that works.
  var probe = Timer()
  /// When to look for what has waited too long.
  var waiting = Timer()

  init(_ mode: Mode, _ configuration: Configuration) {
    isOnce = if case .once = mode { true } else { false }
    watch = DecodingWatch(timeout: configuration.decoding.timeout, now: .now)
  }
}
