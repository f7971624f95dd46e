import Core
import Synchronization

/// What other threads see of the daemon: the pipeline renews it, the control socket and the metrics read it.
final class VitalsBoard: Sendable {
  let pulse: Pulse
  let stop = StopRequest()
  private let vitals = Mutex(Vitals())
  /// What is answered to who asks for the status while the pipeline is busy: what it last said, or that it starts.
  private let lastStatus = Mutex<JSON>([
    "ok": true, "version": .string(softwareVersion), "state": "starting",
  ])
  init(_ configuration: Configuration) { pulse = Pulse(configuration) }

  /// What keeps the daemon from its work, as of now.
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
  var healthIssuesAsJSON: JSON { .array(healthIssues.map(JSON.string)) }
}
