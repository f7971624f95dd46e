import Core
import Foundation

/// References and judged windows.
package protocol DriftWindows: AnyObject {
  /// Freezes what windows of a generation are compared with: the newest units that it was fitted on, in the order
  /// of their arrival. Where they are fewer than a window, the first window of new ones is the reference.
  ///
  /// - Parameter window: units in one.
  func freezeReference(generation: Int, bundle: String, limit: Int, window: Int) throws

  func reference(generation: Int) throws -> [DriftUnit]

  /// How many units of a generation's reference there are that came after its promotion: windows begin behind
  /// them.
  func referenceWindow(generation: Int) throws -> (units: Int, isFrozen: Bool)

  /// Units that arrived since a generation was promoted, in the order of their arrival.
  func window(generation: Int, offset: Int, limit: Int) throws -> [DriftUnit]

  /// Windows of a generation that were judged, in order; of all generations without one.
  func driftWindows(generation: Int?) throws -> [DriftRecord]

  func save(_ record: DriftRecord) throws

  /// The tags of one instance of each study, `nil` where none is kept.
  func tags(ofStudies keys: [String]) throws -> [TagValues?]
}

/// A unit that drift looks at.
package struct DriftUnit: Sendable {
  package var studyKey: String
  package var embedding: Embedding
  /// Whether the generation's centres were fitted on it.
  package var isMember: Bool
}

/// A window of a generation, judged.
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
