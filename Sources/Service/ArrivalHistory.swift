import Core
import Foundation
import Store

/// When files last came, and the pauses between them. Only the input's own past tells whether a pause is unusual: a
/// hospital's export rests at night, a practice's at weekends.
struct ArrivalHistory: Equatable {
  /// Days whose pauses are remembered, and how many of them need arrivals before a pause is judged.
  static let (days, leastDays) = (28, 7)
  /// Shorter pauses are never unusual, seconds.
  static let leastPause = 86_400.0

  /// When the last file came, seconds since 1970.
  private(set) var last: Double?
  /// The longest pause that ended on each day with arrivals, seconds, by days since 1970.
  private var pauses: [Int: Double] = [:]
  /// Whether all files that came while the daemon was down have been seen.
  private var isCurrent = false
  private var isSaved = true

  init() {}

  mutating func note(at now: Double) {
    let day = Int(now / 86_400)
    // A clock that was set back makes no pause.
    let pause = max(0, last.map { now - $0 } ?? 0)
    if let known = pauses[day] {
      pauses[day] = max(known, pause)
    } else {
      pauses[day] = pause
      pauses = pauses.filter { $0.key > day - Self.days }
    }
    last = now
    isSaved = false
  }

  /// A full scan ended.
  mutating func scanned() { isCurrent = true }

  /// The longest pause of the days before the last file, seconds; `nil` while too few days are known.
  var longestPause: Double? { pauses.count >= Self.leastDays ? pauses.values.max() : nil }

  /// - Parameter factor: times the longest pause; 0 for never.
  /// - Returns: the health issue of an input that is quiet for unusually long.
  func issue(at now: Double, factor: Double) -> String? {
    guard factor > 0, isCurrent, let last, let longestPause,
      now - last > max(Self.leastPause, factor * longestPause)
    else { return nil }
    return
      "no new file for \(Self.inWords(now - last)); the longest pause of \(Self.days) days before was "
      + "\(Self.inWords(longestPause)): does the PACS still export? (health.quiet_factor)"
  }

  private static func inWords(_ seconds: Double) -> String {
    let hours = Int((seconds / 3_600).rounded())
    return hours < 72 ? "\(hours) h" : "\(Int((seconds / 86_400).rounded())) days"
  }
}

extension ArrivalHistory {
  private static let key = "arrivals"

  /// As an earlier run left it.
  init(_ store: any Store) throws {
    guard let text = try store.meta(Self.key), let json = try? JSON(parsing: text) else { return }
    last = json["last"]?.double
    guard case .object(let days)? = json["pauses"] else { return }
    for (day, pause) in days {
      if let day = Int(day), let pause = pause.double { pauses[day] = pause }
    }
  }

  /// Saves it for the next start if it changed. Don't call it inside a transaction.
  mutating func save(to store: any Store) throws {
    guard !isSaved, let last else { return }
    let days = pauses.sorted { $0.key < $1.key }.map { (String($0.key), JSON.double($0.value)) }
    try store.transaction(isDurable: false) {
      try store.setMeta(
        Self.key, JSON.object([("last", .double(last)), ("pauses", .object(days))]).encoded)
    }
    isSaved = true
  }
}
