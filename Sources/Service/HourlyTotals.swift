import Core

/// What each hour brought, for the journal.
struct HourlyTotals {
  private var before: Counters
  private var next: ContinuousClock.Instant

  init(_ counters: Counters, now: ContinuousClock.Instant) {
    before = counters
    next = now + .seconds(3_600)
  }

  /// - Returns: the totals of the past hour, once it is over.
  mutating func due(_ counters: Counters, at now: ContinuousClock.Instant) -> String? {
    guard now >= next else { return nil }
    defer {
      before = counters
      next = now + .seconds(3_600)
    }
    let reasons = Rejection.Code.allCases.compactMap { code -> String? in
      let count = (counters.quarantined[code] ?? 0) - (before.quarantined[code] ?? 0)
      return count > 0 ? "\(code.rawValue) \(count)" : nil
    }
    let (files, problems) = (
      counters.files - before.files, counters.problems - before.problems
    )
    return "past hour: \(files == 0 ? "no" : "\(files)") files, "
      + "\(counters.units - before.units) units annotated"
      + (reasons.isEmpty ? "" : ", quarantined: \(reasons.joined(separator: ", "))")
      + (problems == 0 ? "" : ", \(problems) warnings")
  }
}
