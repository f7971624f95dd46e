/// The reason for a recluster.
package enum Trigger: String, Sendable {
  /// Someone requested it.
  case manual
  /// `recluster.every` new units have arrived.
  case scheduled
  /// Drift raised an alarm.
  case drift
  /// Another bundle was activated.
  case bundle
  case rollback

  /// Whether `[recluster]` decides what happens to the fit.
  package var isAutomatic: Bool { self == .scheduled || self == .drift }
}
