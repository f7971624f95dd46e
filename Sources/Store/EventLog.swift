import Core

/// What happened, numbered without gaps.
package protocol EventLog: AnyObject {
  func lastSequence() throws -> Int

  /// Gives an event the next sequence number and keeps the line that the log will get. Call it inside the
  /// transaction that makes the event true.
  @discardableResult
  func append(_ event: Event, time: String) throws -> Int

  /// Lines after a sequence number, in order, at most `limit`.
  func lines(after sequence: Int, limit: Int) throws -> [(sequence: Int, line: String)]

  /// Events by type.
  func eventCounts() throws -> [String: Int]

  /// Every event of a type, in order.
  func events(_ kind: Event.Kind) throws -> [JSON]

  /// First annotations by day, or by hour where there are few days; `2026-11-25` or `2026-11-25T03`.
  func throughput() throws -> [(time: String, units: Int)]
}

/// Something that happened, before it has a sequence number.
package struct Event: Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    case annotation, revision, quarantine, lineage, lifecycle, drift
    /// Something has waited for long.
    case waiting
    case reclusterStarted = "recluster_started"
    case reclusterFinished = "recluster_finished"
    case reclusterPromoted = "recluster_promoted"
    case reclusterHeld = "recluster_held"
    case reclusterRejected = "recluster_rejected"
    case reclusterRolledBack = "recluster_rolled_back"
    /// A person named, accepted or rejected a cluster.
    case review
  }

  package var kind: Kind
  package var fields: [(key: String, value: JSON)]

  package init(_ kind: Kind, _ fields: KeyValuePairs<String, JSON>) {
    self.kind = kind
    self.fields = fields.map { (key: $0.key, value: $0.value) }
  }
}
