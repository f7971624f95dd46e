import Core
import Synchronization

/// When each part of the service last succeeded. The reader computes health from these ages, so a part that hangs can't
/// look healthy.
final class Pulse: Sendable {
  enum Part: String, CaseIterable, Sendable {
    /// Every watched folder was read, or a long scan made progress.
    case scan
    /// All due studies were annotated, or none were due.
    case annotation
    /// The store accepted a write.
    case store
    /// The log has every event.
    case log
    /// A decoding worker answered, or no file was queued.
    case decoding

    fileprivate var issue: String {
      switch self {
      case .scan: "the watched folders were not read to their end (do their shares answer?)"
      case .annotation: "studies that are due are not annotated"
      case .store: "the store can't be written"
      case .log: "the log can't be written"
      case .decoding: "no decoding worker answers"
      }
    }
  }

  /// The last success of a part, and the reason for a failure since.
  private typealias Beat = (at: ContinuousClock.Instant, failure: String?)

  private let beats: Mutex<[Part: Beat]>
  /// Seconds without success after which a part has a health issue.
  private let limits: [Part: Double]

  init(limits: [Part: Double], now: ContinuousClock.Instant = .now) {
    self.limits = limits
    beats = Mutex(Dictionary(uniqueKeysWithValues: Part.allCases.map { ($0, (now, nil)) }))
  }

  /// Limits for a configuration: three scan intervals, and twice the time limit of a file.
  convenience init(_ configuration: Configuration) {
    let rescan = configuration.intake.rescan
    self.init(limits: [
      .scan: 3 * rescan + 10, .annotation: 60, .store: 60, .log: 60,
      .decoding: 2 * configuration.decoding.timeout + 60,
    ])
  }

  func beat(_ part: Part, at now: ContinuousClock.Instant = .now) {
    beats.withLock { $0[part] = (now, nil) }
  }

  /// Reports a health issue of a part at once, until its next beat.
  func miss(_ part: Part, _ failure: String) { beats.withLock { $0[part]?.failure = failure } }

  /// Seconds since each part's last success.
  func ages(at now: ContinuousClock.Instant = .now) -> [(part: Part, seconds: Double)] {
    beats.withLock { beats in
      Part.allCases.map { ($0, max(0, beats[$0]!.at.duration(to: now) / .seconds(1))) }
    }
  }

  /// Health issues, in words.
  func healthIssues(at now: ContinuousClock.Instant = .now) -> [String] {
    let failures = beats.withLock { $0.compactMapValues(\.failure) }
    return ages(at: now)
      .filter { failures[$0.part] != nil || $0.seconds > limits[$0.part] ?? .infinity }
      .map {
        "\(failures[$0.part] ?? $0.part.issue): last OK \(Int($0.seconds)) s ago"
      }
  }
}
