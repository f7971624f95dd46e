import Core

/// Events, numbered without gaps.
package protocol EventLog: AnyObject {
  /// The newest event's sequence number; 0 without events.
  func lastSequence() throws -> Int

  /// Gives an event the next sequence number and stores the line for the log. Call it inside the transaction that
  /// makes the event true.
  ///
  /// - Returns: the sequence number.
  @discardableResult
  func append(_ event: Event, time: String) throws -> Int

  /// Lines after a sequence number, in order, `limit` at most.
  func lines(after sequence: Int, limit: Int) throws -> [(sequence: Int, line: String)]

  /// Keys of units that were annotated or revised after an event, each once, in no particular order.
  func annotatedUnits(after sequence: Int) throws -> [String]

  /// Number of events by type.
  func eventCounts() throws -> [String: Int]

  /// Every event of a type, in order.
  func events(_ kind: Event.Kind) throws -> [JSON]

  /// First annotations per day (`2026-11-25`), or per hour (`2026-11-25T03`) for up to three days; in order of time.
  func throughput() throws -> [(time: String, units: Int)]
}

/// An event without its sequence number.
package struct Event: Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    case annotation, revision, quarantine, lineage, lifecycle, drift
    /// An item has waited for too long.
    case waiting
    case reclusterStarted = "recluster_started"
    case reclusterFinished = "recluster_finished"
    case reclusterPromoted = "recluster_promoted"
    case reclusterHeld = "recluster_held"
    case reclusterRejected = "recluster_rejected"
    case reclusterRolledBack = "recluster_rolled_back"
    /// A person named, accepted or rejected a cluster.
    case review
    /// A person moved a unit to another cluster or out of its own.
    case placement
    /// A person proposed to merge or split clusters.
    case proposal
  }

  package var kind: Kind
  package var fields: [(key: String, value: JSON)]

  package init(_ kind: Kind, _ fields: KeyValuePairs<String, JSON>) {
    self.kind = kind
    self.fields = fields.map { (key: $0.key, value: $0.value) }
  }
}
