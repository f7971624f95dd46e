import Core

extension SQLiteStore {
  package func lastSequence() throws -> Int {
    try database.first("SELECT max(sequence) AS last FROM event") { $0.int("last") } ?? 0
  }

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

  package func lines(after sequence: Int, limit: Int) throws -> [(sequence: Int, line: String)] {
    var lines: [(Int, String)] = []
    try database.run(
      "SELECT sequence, line FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?",
      [.int(sequence), .int(limit)]
    ) { lines.append(($0.int("sequence"), $0.text("line"))) }
    return lines
  }

  package func annotatedUnits(after sequence: Int) throws -> [String] {
    var keys: [String] = []
    try database.run(
      """
      SELECT DISTINCT json_extract(line, '$.unit_key') AS unit_key FROM event
      WHERE sequence > ? AND type IN ('annotation', 'revision')
      """, [.int(sequence)]
    ) { keys.append($0.text("unit_key")) }
    return keys
  }

  package func eventCounts() throws -> [String: Int] {
    var counts: [String: Int] = [:]
    try database.run("SELECT type, count(*) AS events FROM event GROUP BY type") {
      counts[$0.text("type")] = $0.int("events")
    }
    return counts
  }
}
