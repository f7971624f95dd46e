import Core
import Foundation

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

extension Store {
  /// Freezes what windows of a generation are compared with: the newest units that it was fitted on, in the order
  /// of their arrival. Where they are fewer than a window, the first window of new ones is the reference.
  ///
  /// - Parameter window: units in one.
  package func freezeReference(generation: Int, bundle: String, limit: Int, window: Int) throws {
    let fitted = try database.first(
      "SELECT count(*) FROM unit WHERE bundle = ? AND window_generation IS NOT ?",
      [.text(bundle), .int(generation)]
    ) { $0.int(0) }
    let isMember = (fitted ?? 0) >= window
    let chosen =
      isMember
      ? "window_generation IS NOT ? ORDER BY first_sequence DESC, unit_key"
      : "window_generation = ? ORDER BY first_sequence, unit_key"
    try database.run(
      """
      INSERT INTO reference
      SELECT ?, row_number() OVER (ORDER BY first_sequence, unit_key), study_key, embedding, mask, ?
      FROM (SELECT * FROM unit WHERE bundle = ? AND \(chosen) LIMIT ?)
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
    ) { units.append(Self.driftUnit($0, isMember: $0.int(3) != 0)) }
    return units
  }

  /// How many units of a generation's reference there are that came after its promotion: windows begin behind
  /// them.
  package func referenceWindow(generation: Int) throws -> (units: Int, isFrozen: Bool) {
    let counts = try database.first(
      "SELECT count(*), sum(is_member) FROM reference WHERE generation = ?", [.int(generation)]
    ) { (all: $0.int(0), members: $0.optionalInt(1) ?? 0) }
    return ((counts?.all ?? 0) - (counts?.members ?? 0), (counts?.all ?? 0) > 0)
  }

  /// Units that arrived since a generation was promoted, in the order of their arrival.
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
      studyKey: row.text(0),
      embedding: Embedding(values: row.blob(1).scalars(), mask: BlockMask(rawValue: row.int(2))),
      isMember: isMember)
  }

  /// Windows of a generation that were judged, in order; of all generations without one.
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
          generation: $0.int(0), window: $0.int(1), time: $0.text(2), isRaised: $0.int(3) != 0,
          isAlarm: $0.int(4) != 0, report: $0.text(5)))
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

  /// The tags of one instance of each study, `nil` where none is kept.
  package func tags(ofStudies keys: [String]) throws -> [TagValues?] {
    try keys.map { key in
      try database.first(
        "SELECT tags FROM instance WHERE study_key = ? AND tags IS NOT NULL ORDER BY instance_key LIMIT 1",
        [.text(key)]
      ) { try? JSONDecoder().decode(TagValues.self, from: Data($0.text(0).utf8)) } ?? nil
    }
  }
}
