import Core
import Testing

@testable import Reclustering

/// What happens to a fit.
@Suite struct ReclusterDecisionTests {
  private func metrics(gain: Double = 0.2, churn: Double = 0.1, floor: Double? = 0.05)
    -> ReclusterMetrics
  {
    ReclusterMetrics(
      units: 100, windowUnits: 10, k: 3, iterations: 4, inertia: 1, occupancyPSI: 0,
      expectedOccupancyPSI: 0,
      comparison: .init(
        inertiaRatio: 1 - gain, heldOutInertiaRatio: 1 - gain, meanDisplacement: 0,
        largestDisplacement: 0),
      churn: churn, audit: (10, 1, 1), fates: [:], born: 0,
      seedFloor: floor.map {
        .init(
          churn: $0, adjustedRandIndex: 1, normalizedMutualInformation: 1, silhouettes: [])
      })
  }

  private func settings(_ policy: String = "promote", gain: Double = 0, churn: Double = 1) throws
    -> Configuration.Recluster
  {
    let text = """
      [intake]
      input = "/export"
      [recluster]
      policy = "\(policy)"
      min_gain = \(gain)
      max_churn = \(churn)
      """
    return try Configuration(TOMLDocument(text: text, path: "")).recluster
  }

  @Test(arguments: [Trigger.manual, .rollback, .bundle])
  func `a manual request is promoted, whatever the metrics`(_ trigger: Trigger) throws {
    let request = Recluster.Request(trigger: trigger)
    #expect(
      try ReclusterDecision(request, metrics(gain: -1, churn: 1), settings("hold", gain: 0.5))
        == .promote)
  }

  @Test func `a dry run only reports, and a requested hold is pending approval`() throws {
    var request = Recluster.Request(trigger: .manual, dryRun: true, hold: true)
    #expect(try ReclusterDecision(request, metrics(), settings()) == .report)
    request.dryRun = false
    #expect(try ReclusterDecision(request, metrics(), settings()) == .hold(cause: "requested"))
  }

  @Test(arguments: [Trigger.scheduled, .drift])
  func `an automatic fit must gain enough and change few units`(_ trigger: Trigger) throws {
    let request = Recluster.Request(trigger: trigger)
    #expect(try ReclusterDecision(request, metrics(), settings()) == .promote)
    #expect(
      try ReclusterDecision(request, metrics(gain: 0.01), settings(gain: 0.02))
        == .reject(cause: "it lowers the inertia by only 1.0 %"))
    #expect(
      try ReclusterDecision(request, metrics(), settings("hold"))
        == .hold(cause: "recluster.policy"))
    // Churn counts beyond the seed floor only.
    #expect(
      try ReclusterDecision(request, metrics(churn: 0.3, floor: 0.25), settings(churn: 0.1))
        == .promote
    )
    #expect(
      try ReclusterDecision(request, metrics(churn: 0.3, floor: 0.05), settings(churn: 0.1))
        == .hold(cause: "25.0 % of the units beyond the seed floor would change their cluster"))
  }

  @Test func `a metric that is missing or NaN promotes nothing`() throws {
    let request = Recluster.Request(trigger: .scheduled)
    var between = metrics()
    between.comparison = nil
    for metrics in [metrics(floor: nil), between] {
      #expect(
        try ReclusterDecision(request, metrics, settings())
          == .hold(cause: "it can't be compared with the generation in force"))
    }
    for metrics in [metrics(gain: .nan), metrics(churn: .nan)] {
      #expect(try ReclusterDecision(request, metrics, settings()) != .promote)
    }
  }
}
