/// What the daemon shows of itself: a snapshot that the pipeline renews and other threads read. No identifier is in it.
struct Vitals: Sendable {
  var files = 0
  var quarantined = 0
  var units = 0
  var problems = 0
  var queuedFiles = 0
  var openStudies = 0
  var heldStudies = 0
  var waitingReports = 0
  /// What waits: how much of each kind, and for how long the oldest has, seconds.
  var waiting: [(kind: String, count: Int, oldest: Double)] = []
  var generation: Int?
  var lastSequence = 0
  var isPaused = false
  var driftIsRaised = false
  var driftIsAlarm = false
  var job: String?
  var freeBytes: UInt64 = 0
  var lag = Lag()
  /// What keeps the daemon from its work at the moment.
  var healthIssues: [String] = []

  /// Seconds from the moment that a study was complete to its annotation.
  struct Lag: Sendable {
    static let bounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]
    private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
    private(set) var sum = 0.0
    private(set) var last = 0.0

    mutating func note(_ seconds: Double, studies: Int) {
      counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += studies
      sum += seconds * Double(studies)
      last = seconds
    }
  }
}
