import Core
import Foundation

extension SQLiteStore {
  package func freezeReference(generation: Int, bundle: String, limit: Int, window: Int) throws {
    let fitted = try database.first(
      "SELECT count(*) AS units FROM unit WHERE bundle = ? AND NOT is_trained AND window_generation IS NOT ?",
      [.text(bundle), .int(generation)]
    ) { $0.int("units") }
    let isMember = (fitted ?? 0) >= window
    let chosen =
      isMember
      ? "window_generation IS NOT ? ORDER BY first_sequence DESC, unit_key"
      : "window_generation = ? ORDER BY first_sequence, unit_key"
    try database.run(
      """
      INSERT INTO reference
      SELECT ?, row_number() OVER (ORDER BY first_sequence, unit_key), study_key, embedding, mask, ?
      FROM (SELECT * FROM unit WHERE bundle = ? AND NOT is_trained AND \(chosen) LIMIT ?)
      """,
      [
        .int(generation), .int(isMember ? 1 : 0), .text(bundle), .int(generation),
        .int(isMember ? limit : window),
      ])
  }

  package func reference(generation: Int) throws -> [DriftUnit] {
    var units: [DriftUnit] = []
    try database.run(
      """
      SELECT study_key, embedding, mask, is_member FROM reference WHERE generation = ? ORDER BY ordinal
      """, [.int(generation)]
    ) { units.append(Self.driftUnit($0, isMember: $0.flag("is_member"))) }
    return units
  }

  package func referenceWindow(generation: Int) throws -> (units: Int, isFrozen: Bool) {
    let counts = try database.first(
      "SELECT count(*) AS units, sum(is_member) AS members FROM reference WHERE generation = ?",
      [.int(generation)]
    ) { (all: $0.int("units"), members: $0.optionalInt("members") ?? 0) }
    return ((counts?.all ?? 0) - (counts?.members ?? 0), (counts?.all ?? 0) > 0)
  }

  package func window(generation: Int, offset: Int, limit: Int) throws -> [DriftUnit] {
    var units: [DriftUnit] = []
    try database.run(
      """
      SELECT study_key, embedding, mask FROM unit WHERE window_generation = ?
      ORDER BY first_sequence, unit_key LIMIT ? OFFSET ?
      """, [.int(generation), .int(limit), .int(offset)]
    ) { units.append(Self.driftUnit($0, isMember: false)) }
    return units
  }

  private static func driftUnit(_ row: Row, isMember: Bool) -> DriftUnit {
    DriftUnit(
      studyKey: row.text("study_key"), embedding: row.embedding, isMember: isMember)
  }

  package func driftWindows(generation: Int? = nil) throws -> [DriftRecord] {
    var records: [DriftRecord] = []
    try database.run(
      """
      SELECT generation, window, time, is_raised, is_alarm, report FROM drift
      WHERE generation = ?1 OR ?1 IS NULL ORDER BY generation, window
      """, [generation.map(Bound.int) ?? .null]
    ) {
      records.append(
        DriftRecord(
          generation: $0.int("generation"), window: $0.int("window"), time: $0.text("time"),
          isRaised: $0.flag("is_raised"),
          isAlarm: $0.flag("is_alarm"), report: $0.text("report")))
    }
    return records
  }

  package func save(_ record: DriftRecord) throws {
    try database.run(
      "INSERT INTO drift VALUES (?, ?, ?, ?, ?, ?)",
      [
        .int(record.generation), .int(record.window), .text(record.time),
        .int(record.isRaised ? 1 : 0), .int(record.isAlarm ? 1 : 0), .text(record.report),
      ])
  }

  package func tags(ofStudies keys: [String]) throws -> [TagValues?] {
    try keys.map { key in
      try database.first(
        "SELECT tags FROM instance WHERE study_key = ? AND tags IS NOT NULL ORDER BY instance_key LIMIT 1",
        [.text(key)]
      ) { try? JSONDecoder().decode(TagValues.self, from: Data($0.text("tags").utf8)) } ?? nil
    }
  }
}
