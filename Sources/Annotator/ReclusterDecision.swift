import Core

/// What becomes of a fit. People's own requests are promoted; those that schedule or drift started are subject to
/// `[recluster]`.
enum ReclusterDecision: CustomStringConvertible {
  case report
  case promote
  case hold(cause: String)
  case reject(cause: String)

  init(_ recluster: Recluster, _ settings: Configuration.Recluster) {
    let request = recluster.request
    let figures = recluster.figures
    func figure(_ name: String) -> Double? { figures[name]?.double }
    guard !request.dryRun else {
      self = .report
      return
    }
    guard !request.hold else {
      self = .hold(cause: "asked for")
      return
    }
    guard case .fit = request.source, ["scheduled", "drift"].contains(request.reason) else {
      self = .promote
      return
    }
    let gain = 1 - (figure("inertia_ratio") ?? 0)
    // What two seeds on the same units differ by is not to be blamed on the new ones.
    let churn = (figure("churn") ?? 0) - (figure("seed_churn") ?? 0)
    if gain < settings.minimumGain {
      self = .reject(cause: "it lowers the inertia by \(Self.percent(gain)) only")
    } else if settings.policy == .hold {
      self = .hold(cause: "recluster.policy")
    } else if churn > settings.maximumChurn {
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

  var description: String {
    switch self {
    case .report: "dry run, nothing promoted"
    case .promote: "promoted"
    case .hold(let cause): "held for approval: \(cause)"
    case .reject(let cause): "rejected: \(cause)"
    }
  }
}
