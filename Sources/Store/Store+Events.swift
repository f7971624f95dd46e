import Core

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

extension Store {
  package func lastSequence() throws -> Int {
    try database.first("SELECT max(sequence) FROM event") { $0.int(0) } ?? 0
  }

  /// Gives an event the next sequence number and keeps the line that the log will get. Call it inside the
  /// transaction that makes the event true.
  @discardableResult
  package func append(_ event: Event, time: String) throws -> Int {
    let sequence = try lastSequence() + 1
    let head: [(key: String, value: JSON)] = [
      ("seq", .int(sequence)), ("time", .string(time)), ("type", .string(event.kind.rawValue)),
    ]
    try database.run(
      "INSERT INTO event VALUES (?, ?, ?)",
      [.int(sequence), .text(event.kind.rawValue), .text(JSON.object(head + event.fields).encoded)])
    return sequence
  }

  /// Lines after a sequence number, in order, at most `limit`.
  package func lines(after sequence: Int, limit: Int) throws -> [(sequence: Int, line: String)] {
    var lines: [(Int, String)] = []
    try database.run(
      "SELECT sequence, line FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?",
      [.int(sequence), .int(limit)]
    ) { lines.append(($0.int(0), $0.text(1))) }
    return lines
  }

  /// Events by type.
  package func eventCounts() throws -> [String: Int] {
    var counts: [String: Int] = [:]
    try database.run("SELECT type, count(*) FROM event GROUP BY type") {
      counts[$0.text(0)] = $0.int(1)
    }
    return counts
  }
}
