import Core

/// The daemon's visible state: a snapshot that the pipeline updates and other threads read. It contains no identifiers.
struct Vitals: Sendable {
  var files = 0
  /// Files put in quarantine since the start, by reason.
  var quarantined: [Rejection.Code: Int] = [:]
  var units = 0
  var problems = 0
  var queuedFiles = 0
  var openStudies = 0
  var heldStudies = 0
  var waitingReports = 0
  /// Waiting items: number by kind, and how long the oldest has waited, seconds.
  var waiting: [(kind: String, count: Int, oldest: Double)] = []
  var generation: Int?
  var lastSequence = 0
  var isPaused = false
  var drift = DriftVerdict()
  /// When the last file came, seconds since 1970, and the longest pause between files of the past weeks, seconds.
  var lastFile: Double?
  var longestPause: Double?
  var job: String?
  var freeBytes: UInt64 = 0
  var lag = Lag()
  /// Current health issues.
  var healthIssues: [String] = []

  /// Histogram of the seconds from a study's completion to its annotation.
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
