import Core

/// What happens to a fit. Manual requests are promoted; those started by a schedule or by drift are subject to
/// `[recluster]`.
package enum ReclusterDecision: Equatable, CustomStringConvertible {
  case report
  case promote
  case hold(cause: String)
  case reject(cause: String)

  package init(
    _ request: Recluster.Request, _ metrics: ReclusterMetrics, _ settings: Configuration.Recluster
  ) {
    guard !request.dryRun else {
      self = .report
      return
    }
    guard !request.hold else {
      self = .hold(cause: "requested")
      return
    }
    guard request.trigger.isAutomatic, case .fit = request.source else {
      self = .promote
      return
    }
    guard let comparison = metrics.comparison, let floor = metrics.seedFloor else {
      self = .hold(cause: "it can't be compared with the generation in force")
      return
    }
    let gain = 1 - comparison.inertiaRatio
    // The difference between two seeds on the same units is not caused by new units.
    let churn = metrics.churn - floor.churn
    // Negated comparisons, so that NaN promotes nothing.
    if !(gain >= settings.minimumGain) {
      self = .reject(cause: "it lowers the inertia by only \(Self.percent(gain))")
    } else if settings.policy == .hold {
      self = .hold(cause: "recluster.policy")
    } else if !(churn <= settings.maximumChurn) {
      self = .hold(
        cause:
          "\(Self.percent(churn)) of the units beyond the seed floor would change their cluster")
    } else {
      self = .promote
    }
  }

  private static func percent(_ share: Double) -> String {
    "\((share * 1_000).rounded() / 10) %"
  }

  package var description: String {
    switch self {
    case .report: "dry run, nothing promoted"
    case .promote: "promoted"
    case .hold(let cause): "pending approval: \(cause)"
    case .reject(let cause): "rejected: \(cause)"
    }
  }
}
