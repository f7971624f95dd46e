import Core
import Features
import Foundation
import Store
import Training

/// What is known of trials of the semantic image encoder, which outlives the daemon.
struct EncoderTrials {
  /// The one that is under way.
  var job: BackgroundJob?
  /// What came of it, until that is written.
  var outcome: Result<EncoderTrial.Outcome, any Error>?
  /// The active bundle when it began.
  private(set) var activeBefore: BundleHash?
  /// What the last one came to.
  private(set) var last: JSON?
  /// Trials that began since and came to nothing.
  private var begun: Int

  private static let lastKey = "encoder_trial"
  private static let begunKey = "encoder_trials_begun"
  /// Should the daemon end each time, something is wrong with trials.
  private static let mostBegun = 3

  init(_ store: any Store) throws {
    last = try store.meta(Self.lastKey).flatMap { try? JSON(parsing: $0) }
    begun = try store.meta(Self.begunKey).flatMap { Int($0) } ?? 0
  }

  /// Units from which on the next one is due. What failed may work soon; what was judged needs a larger archive.
  var threshold: Int {
    guard let units = last?["units"]?.int else { return EncoderTrial.fewestStudies }
    let least = max(units, EncoderTrial.fewestStudies)
    return last?["error"] == nil ? least * EncoderTrial.growth : least * 5 / 4
  }

  /// - Returns: false when as many as are enough were begun in vain.
  mutating func begin(_ job: BackgroundJob, active: BundleHash?, _ store: any Store) throws -> Bool
  {
    guard begun < Self.mostBegun else { return false }
    try store.transaction { try store.setMeta(Self.begunKey, String(begun + 1)) }
    begun += 1
    (self.job, activeBefore) = (job, active)
    return true
  }

  /// Keeps a clean stop of the daemon from counting as a failed trial. Call it inside a transaction.
  mutating func interrupt(_ store: any Store) throws {
    guard job != nil, begun > 0 else { return }
    try store.setMeta(Self.begunKey, String(begun - 1))
    begun -= 1
  }

  /// Keeps what one came to; call it inside a transaction.
  mutating func note(_ outcome: JSON, _ store: any Store) throws {
    try store.setMeta(Self.lastKey, outcome.encoded)
    try store.setMeta(Self.begunKey, "0")
    (last, begun) = (outcome, 0)
  }

  mutating func end() { (job, outcome) = (nil, nil) }

  var status: JSON {
    [
      "running": .optional(job?.progress), "last": last ?? .null,
      "next_at_units": .int(threshold),
    ]
  }
}
