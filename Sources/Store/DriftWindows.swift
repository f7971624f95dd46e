import Core
import Foundation

/// Drift references and judged windows.
package protocol DriftWindows: AnyObject {
  /// Freezes the reference of a generation: the newest units of its fit, in order of arrival, without those that the
  /// models were trained on. If they don't fill a window, the first window of new units is the reference.
  ///
  /// - Parameters:
  ///   - limit: units in the reference at most.
  ///   - window: units in one window.
  func freezeReference(generation: Int, bundle: String, limit: Int, window: Int) throws

  /// A generation's reference, in order of arrival; empty until it is frozen.
  func reference(generation: Int) throws -> [DriftUnit]

  /// How many units of a generation's reference arrived after its promotion, and whether the reference is frozen.
  /// Windows begin after these units.
  func referenceWindow(generation: Int) throws -> (units: Int, isFrozen: Bool)

  /// Units that arrived since a generation was promoted, in order of arrival: `limit` at most, from `offset` on.
  func window(generation: Int, offset: Int, limit: Int) throws -> [DriftUnit]

  /// Judged windows in order of generation and window; of all generations for `nil`.
  func driftWindows(generation: Int?) throws -> [DriftRecord]

  /// Adds a judged window.
  func save(_ record: DriftRecord) throws

  /// The tags of one instance of each study, in the order of `keys`; `nil` where none are kept.
  func tags(ofStudies keys: [String]) throws -> [TagValues?]
}

/// A unit of a drift reference or window.
package struct DriftUnit: Sendable {
  package var studyKey: String
  package var embedding: Embedding
  /// Whether the generation's centroids were fitted on it.
  package var isMember: Bool
}

/// A judged window of a generation.
package struct DriftRecord: Sendable {
  package var generation: Int
  package var window: Int
  package var time: String
  package var isRaised: Bool
  package var isAlarm: Bool
  /// JSON with the fields of the `drift` event.
  package var report: String

  package init(
    generation: Int, window: Int, time: String, isRaised: Bool, isAlarm: Bool, report: String
  ) {
    self.generation = generation
    self.window = window
    self.time = time
    self.isRaised = isRaised
    self.isAlarm = isAlarm
    self.report = report
  }
}
