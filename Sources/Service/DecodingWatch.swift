/// Detects that files stay with the decoding workers for longer than any file may take. A pipeline that runs without
/// progress is as dead as one that hangs, so the watchdog is not fed then.
struct DecodingWatch {
  enum Action: Equatable {
    case feed
    /// Decoding has just stalled.
    case starve
    case nothing
  }

  private let limit: Duration
  private var lastArrival: ContinuousClock.Instant
  private var isStarving = false

  /// - Parameter timeout: for one file, seconds.
  init(timeout: Double, now: ContinuousClock.Instant) {
    limit = .seconds(2 * timeout + 60)
    lastArrival = now
  }

  /// Records that a worker has answered.
  mutating func arrived(at now: ContinuousClock.Instant) { lastArrival = now }

  /// - Parameter queued: number of files that wait or are being decoded.
  mutating func check(queued: Int, isPaused: Bool, at now: ContinuousClock.Instant) -> Action {
    // The time limit starts with the first file.
    if queued == 0 { lastArrival = now }
    let isStuck = !isPaused && lastArrival.duration(to: now) > limit
    defer { isStarving = isStuck }
    return isStuck ? isStarving ? .nothing : .starve : .feed
  }
}
