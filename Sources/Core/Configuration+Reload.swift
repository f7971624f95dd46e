extension Configuration {
  /// Keys that a running daemon takes over when it reads its configuration again.
  private static let live: Set<String> = [
    "intake.quiet", "intake.max_open", "intake.waiting_after", "clustering.k", "clustering.k_min",
    "clustering.k_max",
    "clustering.seeds", "clustering.components", "clustering.half_life", "recluster.every",
    "recluster.policy",
    "recluster.max_churn", "recluster.min_gain", "drift.recluster", "health.quiet_factor",
  ]

  /// This configuration with those values of a newer one that need no restart.
  ///
  /// - Returns: the keys that were taken over, and those that differ and wait for a restart.
  package func adopting(_ newer: Configuration) -> (
    result: Configuration, taken: [String], waiting: [String]
  ) {
    let changed = newer.values.keys.filter { newer.values[$0] != values[$0] }.sorted()
    var result = self
    result.intake.quiet = newer.intake.quiet
    result.intake.maximumOpen = newer.intake.maximumOpen
    result.intake.waitingAfter = newer.intake.waitingAfter
    result.clustering.k = newer.clustering.k
    result.clustering.restarts = newer.clustering.restarts
    result.clustering.components = newer.clustering.components
    result.clustering.halfLife = newer.clustering.halfLife
    result.recluster = newer.recluster
    result.drift.reclusters = newer.drift.reclusters
    result.quietFactor = newer.quietFactor
    let taken = changed.filter(Self.live.contains)
    for key in taken { result.values[key] = newer.values[key] }
    return (result, taken, changed.filter { !Self.live.contains($0) })
  }
}
