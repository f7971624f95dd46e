/// Notices when files stay with the decoding workers for longer than any file may take. A pipeline that spins without
/// getting anything done is as dead as one that hangs, so the watchdog is not fed then.
struct DecodingWatch {
  enum Action: Equatable {
    case feed
    /// Decoding has just come to a halt.
    case starve
    case nothing
  }

  private let limit: Duration
  private var lastArrival: ContinuousClock.Instant
  private var isStarving = false

  /// - Parameter timeout: of one file, seconds.
  init(timeout: Double, now: ContinuousClock.Instant) {
    limit = .seconds(2 * timeout + 60)
    lastArrival = now
  }

  /// Something came back from the workers.
  mutating func arrived(at now: ContinuousClock.Instant) { lastArrival = now }

  /// - Parameter queued: files that the workers have or wait for.
  mutating func check(queued: Int, isPaused: Bool, at now: ContinuousClock.Instant) -> Action {
    // The clock starts with the first file.
    if queued == 0 { lastArrival = now }
    let isStuck = !isPaused && lastArrival.duration(to: now) > limit
    defer { isStarving = isStuck }
    return isStuck ? isStarving ? .nothing : .starve : .feed
  }
}
