/// Collects the content of each study and decides when it is complete: nothing new for the quiet time, or open for as
/// long as the cap allows. It uses a clock that no one can set.
package struct StudyAssembler<Content> {
  private struct Open {
    var content: Content
    var opened: ContinuousClock.Instant
    var touched: ContinuousClock.Instant
  }

  /// Seconds; a change applies to open studies, too.
  package var quiet: Double { didSet { schedule() } }
  package var maximumOpen: Double { didSet { schedule() } }
  private var open: [String: Open] = [:]
  /// One entry for each open study that isn't ready, due no later than the study: a study that was touched since is put
  /// back when its entry comes up, so that arrivals cost nothing here.
  private var deadlines = DeadlineQueue<String>()
  /// Studies that are complete.
  private var ready: Set<String> = []
  /// How long the most overdue of the studies that `complete` last returned had been due.
  package private(set) var lateness = Duration.zero

  package init(quiet: Double, maximumOpen: Double) {
    self.quiet = quiet
    self.maximumOpen = maximumOpen
  }

  package var count: Int { open.count }

  package func contains(_ key: String) -> Bool { open[key] != nil }

  package func content(of key: String) -> Content? { open[key]?.content }

  /// Adds to a study, opening it with `initial` when it isn't open yet.
  package mutating func update(
    _ key: String, now: ContinuousClock.Instant, initial: @autoclosure () -> Content,
    _ change: (inout Content) throws -> Void
  ) rethrows {
    // Changed in place: copying a study of thousands of instances for each file would take quadratic time.
    if open[key] == nil {
      open[key] = Open(content: initial(), opened: now, touched: now)
      deadlines.insert(key, due: deadline(open[key]!))
    }
    open[key]!.touched = now
    if ready.remove(key) != nil { deadlines.insert(key, due: deadline(open[key]!)) }
    try change(&open[key]!.content)
  }

  /// Changes an open study without touching it: its deadline stays.
  package mutating func amend(_ key: String, _ change: (inout Content) -> Void) {
    if open[key] != nil { change(&open[key]!.content) }
  }

  /// Removes and returns at most `limit` complete studies, in the order of their keys.
  package mutating func complete(now: ContinuousClock.Instant, limit: Int) -> [(
    key: String, content: Content
  )] {
    while let key = deadlines.removeDue(at: now) {
      guard let study = open[key] else { continue }
      if deadline(study) <= now {
        ready.insert(key)
      } else {
        deadlines.insert(key, due: deadline(study))
      }
    }
    let taken = ready.sorted().prefix(limit)
    lateness =
      taken.compactMap { open[$0] }.map { deadline($0).duration(to: now) }.max() ?? .zero
    return take(taken)
  }

  /// Removes and returns every open study.
  package mutating func flush() -> [(key: String, content: Content)] {
    take(open.keys.sorted()[...])
  }

  /// When to look for complete studies next, if nothing more comes: no later than the next one is complete.
  package var nextDeadline: ContinuousClock.Instant? {
    ready.compactMap { open[$0].map(deadline) }.min() ?? deadlines.next
  }

  /// Every open study's content, in no particular order.
  package var contents: [Content] { open.values.map(\.content) }

  private func deadline(_ study: Open) -> ContinuousClock.Instant {
    min(study.touched + .seconds(quiet), study.opened + .seconds(maximumOpen))
  }

  /// Schedules every open study again.
  private mutating func schedule() {
    deadlines = DeadlineQueue<String>()
    ready = []
    for (key, study) in open { deadlines.insert(key, due: deadline(study)) }
  }

  private mutating func take(_ keys: ArraySlice<String>) -> [(key: String, content: Content)] {
    ready.subtract(keys)
    return keys.compactMap { key in open.removeValue(forKey: key).map { (key, $0.content) } }
  }
}
