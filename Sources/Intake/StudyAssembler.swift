/// Collects what belongs together and says when it is complete: nothing new for the quiet time, or open for
/// as long as the cap allows. Times are those of a clock that nobody can set.
public struct StudyAssembler<Content> {
  private struct Open {
    var content: Content
    var opened: ContinuousClock.Instant
    var touched: ContinuousClock.Instant
  }

  /// Seconds; a change holds for the studies that are open, too.
  public var quiet: Double
  public var maximumOpen: Double
  private var open: [String: Open] = [:]
  /// How long the longest waiting one of those that `complete` last returned had been due.
  public private(set) var lateness = Duration.zero

  public init(quiet: Double, maximumOpen: Double) {
    self.quiet = quiet
    self.maximumOpen = maximumOpen
  }

  public var count: Int { open.count }

  public func contains(_ key: String) -> Bool { open[key] != nil }

  /// Adds to a study, opening it with `initial` when it isn't open yet.
  public mutating func update(
    _ key: String, now: ContinuousClock.Instant, initial: @autoclosure () -> Content,
    _ change: (inout Content) throws -> Void
  ) rethrows {
    var study = open.removeValue(forKey: key) ?? Open(content: initial(), opened: now, touched: now)
    study.touched = now
    defer { open[key] = study }
    try change(&study.content)
  }

  /// Removes and returns the complete studies in the order of their keys, at most `limit`.
  public mutating func complete(now: ContinuousClock.Instant, limit: Int) -> [(
    key: String, content: Content
  )] {
    let due = open.filter {
      $0.value.touched.duration(to: now) >= .seconds(quiet)
        || $0.value.opened.duration(to: now) >= .seconds(maximumOpen)
    }
    let taken = due.keys.sorted().prefix(limit)
    lateness =
      taken.compactMap { due[$0] }.map {
        min($0.touched + .seconds(quiet), $0.opened + .seconds(maximumOpen)).duration(to: now)
      }.max() ?? .zero
    return take(taken)
  }

  /// Removes and returns every open study.
  public mutating func flush() -> [(key: String, content: Content)] {
    take(open.keys.sorted()[...])
  }

  /// When the next study will be complete if nothing more comes.
  public var nextDeadline: ContinuousClock.Instant? {
    open.values.map {
      min($0.touched + .seconds(quiet), $0.opened + .seconds(maximumOpen))
    }.min()
  }

  /// Every open study's content, in no particular order.
  public var contents: [Content] { open.values.map(\.content) }

  private mutating func take(_ keys: ArraySlice<String>) -> [(key: String, content: Content)] {
    keys.compactMap { key in open.removeValue(forKey: key).map { (key, $0.content) } }
  }
}
