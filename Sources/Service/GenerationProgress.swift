import Core

/// What has happened since the generation in force was promoted, and what is due because of it.
struct GenerationProgress {
  /// Units that moved a centroid.
  var units: Int
  var reclusters: Schedule
  var windows: Schedule
  /// The newest window's verdict.
  var verdict = Verdict()

  struct Verdict {
    /// The generation and window it was read for. It is read again only when these change.
    var generation: Int?
    var nextWindow = -1
    var drift = DriftVerdict()
  }

  /// - Parameter units: number of units since the promotion.
  init(_ configuration: Configuration, units: Int = 0) {
    self.units = units
    reclusters = Schedule(every: configuration.recluster.every)
    windows = Schedule(every: configuration.drift.window)
  }

  var isReclusterDue: Bool { reclusters.isDue(units) }
  var isWindowDue: Bool { windows.isDue(units) }
}
