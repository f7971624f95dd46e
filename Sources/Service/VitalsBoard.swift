import Core
import Foundation
import Synchronization

/// The daemon's state for other threads: the pipeline updates it, the control socket and the metrics server read it.
final class VitalsBoard: Sendable {
  let pulse: Pulse
  let stop = StopRequest()
  let started = Date()
  private let vitals = Mutex(Vitals())
  /// The answer to a status request while the pipeline is busy: its last status, or that it is starting.
  private let lastStatus = Mutex<JSON>([
    "ok": true, "version": .string(softwareVersion), "state": "starting",
  ])
  init(_ configuration: Configuration) { pulse = Pulse(configuration) }

  /// Current health issues, as of now.
  var healthIssues: [String] { current.healthIssues + pulse.healthIssues() }
  var current: Vitals {
    get { vitals.withLock { $0 } }
    set { vitals.withLock { $0 = newValue } }
  }
  var status: JSON {
    get {
      guard case .object(let members) = lastStatus.withLock({ $0 }) else { return .null }
      return .object(members.filter { $0.key != "ailments" } + [("ailments", healthIssuesAsJSON)])
    }
    set { lastStatus.withLock { $0 = newValue } }
  }
  /// The answer to a request for metrics.
  var metrics: JSON { ["ok": true, "metrics": .string(PrometheusText(self).text)] }
  var healthIssuesAsJSON: JSON { .array(healthIssues.map(JSON.string)) }
}
