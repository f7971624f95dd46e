import Core

/// What the journal tells of a day.
extension Pipeline {
  /// Counts quarantined files and reports the first one of each reason.
  func note(quarantined rejections: [Rejection]) {
    for rejection in rejections {
      if state.counters.quarantined[rejection.code] == nil {
        Log.warning(
          "first file in quarantine for \(rejection.code.rawValue): \(rejection.detail); "
            + "radiologynetctl quarantine lists all")
      }
      state.counters.quarantined[rejection.code, default: 0] += 1
    }
  }

  /// Counts a file that a worker or the report reader took.
  func noteFile() {
    state.counters.files += 1
    state.arrivals.note(at: secondsSince1970())
  }

  func reportHour() {
    guard !state.isOnce, let totals = state.hourly.due(state.counters, at: .now) else { return }
    Log.info(totals)
  }
}
