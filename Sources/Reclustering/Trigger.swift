/// Why a recluster is made.
package enum Trigger: String, Sendable {
  /// Someone asked for it.
  case manual
  /// `recluster.every` units are new.
  case scheduled
  /// Drift raised an alarm.
  case drift
  /// Another bundle was activated.
  case bundle
  case rollback

  /// Whether `[recluster]` decides what becomes of the fit.
  package var isAutomatic: Bool { self == .scheduled || self == .drift }
}
