/// Waits briefly after a failure that may be temporary, and reports each such failure once.
struct Backoff {
  private static let pause = Duration.seconds(1)

  private var until: ContinuousClock.Instant?
  private var reported: Set<String> = []

  func isWaiting(at now: ContinuousClock.Instant) -> Bool { until.map { $0 > now } ?? false }

  /// - Returns: whether the problem is new since everything last succeeded.
  mutating func fail(_ problem: String, at now: ContinuousClock.Instant) -> Bool {
    until = now + Self.pause
    return reported.insert(problem).inserted
  }

  /// Call it when everything that was due has succeeded.
  mutating func succeed() { reported = [] }
}
