import Core
import Features
import Foundation
import Store
import Training

/// The state of trials of the semantic image encoder. The store keeps it across restarts.
struct EncoderTrials {
  /// The trial in progress.
  var job: BackgroundJob?
  /// Its outcome, until that is written.
  var outcome: Result<EncoderTrial.Outcome, any Error>?
  /// The active bundle when it started.
  private(set) var activeBefore: BundleHash?
  /// Outcome of the last trial.
  private(set) var last: JSON?
  /// Number of trials that have started since then and not finished.
  private var begun: Int

  private static let lastKey = "encoder_trial"
  private static let begunKey = "encoder_trials_begun"
  /// Unfinished trials at most: if the daemon ends during each one, trials don't work.
  private static let mostBegun = 3

  init(_ store: any Store) throws {
    last = try store.meta(Self.lastKey).flatMap { try? JSON(parsing: $0) }
    begun = try store.meta(Self.begunKey).flatMap { Int($0) } ?? 0
  }

  /// Number of units at which the next trial is due: soon after a failed one, in a much larger archive after a judged
  /// one.
  var threshold: Int {
    guard let units = last?["units"]?.int else { return EncoderTrial.fewestStudies }
    let least = max(units, EncoderTrial.fewestStudies)
    return last?["error"] == nil ? least * EncoderTrial.growth : least * 5 / 4
  }

  /// Records the start of a trial.
  ///
  /// - Returns: false if too many trials have started and not finished.
  /// - Throws: `StoreError`.
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

  /// Saves the outcome of a trial. Call it inside a transaction.
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
