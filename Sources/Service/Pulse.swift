import Core
import Synchronization

/// When each part of the service last did what it is for. Health follows from the ages, worked out by who asks:
/// whatever goes wrong on the way can't keep a part looking well.
final class Pulse: Sendable {
  enum Part: String, CaseIterable, Sendable {
    /// Every watched folder was read, or a long scan got further.
    case scan
    /// Studies that were due were annotated, or none were.
    case annotation
    /// The store took a change.
    case store
    /// The log has every event.
    case log
    /// A decoding worker answered, or none was asked.
    case decoding

    fileprivate var issue: String {
      switch self {
      case .scan: "the watched folders can't be read"
      case .annotation: "studies that are due are not annotated"
      case .store: "the store can't be written"
      case .log: "the log can't be written"
      case .decoding: "no decoding worker answers"
      }
    }
  }

  /// The last success of a part, and why it has failed since.
  private typealias Beat = (at: ContinuousClock.Instant, failure: String?)

  private let beats: Mutex<[Part: Beat]>
  /// Seconds after which a part ails.
  private let limits: [Part: Double]

  init(limits: [Part: Double], now: ContinuousClock.Instant = .now) {
    self.limits = limits
    beats = Mutex(Dictionary(uniqueKeysWithValues: Part.allCases.map { ($0, (now, nil)) }))
  }

  /// What is usual for a configuration: three scans, and what a worker may take for a file.
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

  /// Has a part ail at once, until its next beat.
  func miss(_ part: Part, _ failure: String) { beats.withLock { $0[part]?.failure = failure } }

  /// Seconds since each part's last success.
  func ages(at now: ContinuousClock.Instant = .now) -> [(part: Part, seconds: Double)] {
    beats.withLock { beats in
      Part.allCases.map { ($0, max(0, beats[$0]!.at.duration(to: now) / .seconds(1))) }
    }
  }

  /// What is wrong, in words.
  func healthIssues(at now: ContinuousClock.Instant = .now) -> [String] {
    let failures = beats.withLock { $0.compactMapValues(\.failure) }
    return ages(at: now)
      .filter { failures[$0.part] != nil || $0.seconds > limits[$0.part] ?? .infinity }
      .map {
        "\(failures[$0.part] ?? $0.part.issue): it was well \(Int($0.seconds)) s ago"
      }
  }
}
