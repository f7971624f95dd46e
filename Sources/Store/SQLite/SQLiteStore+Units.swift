import Core
import Foundation

extension SQLiteStore {
  private static let unitColumns = """
    unit_key, study_key, revision, last_sequence, bundle, embedding, mask, cluster, window_generation,
    instances, frames, modality, body_part, decode_path, first_sequence, is_trained
    """

  private static func unit(_ row: Row) -> UnitRecord {
    var unit = UnitRecord(
      unitKey: row.text("unit_key"), studyKey: row.text("study_key"), revision: row.int("revision"),
      lastSequence: row.int("last_sequence"), bundle: row.text("bundle"), embedding: row.embedding,
      cluster: row.int("cluster"), windowGeneration: row.optionalInt("window_generation"),
      instances: row.int("instances"), frames: row.int("frames"),
      modality: row.optionalText("modality"), bodyPart: row.optionalText("body_part"),
      decodePath: row.text("decode_path"))
    unit.firstSequence = row.int("first_sequence")
    unit.isTrained = row.flag("is_trained")
    return unit
  }

  package func unit(_ unitKey: String) throws -> UnitRecord? {
    try database.first(
      "SELECT \(Self.unitColumns) FROM unit WHERE unit_key = ?", [.text(unitKey)], Self.unit)
  }

  package func unitKeys(startingWith text: String, limit: Int) throws -> [String] {
    var keys: [String] = []
    // Keys are printable ASCII, so all that begin with a text come before the text with a delete character.
    try database.run(
      """
      SELECT unit_key FROM unit WHERE unit_key >= ?1 AND unit_key < ?2
      UNION SELECT unit_key FROM instance JOIN unit
        ON unit_key IN (instance.study_key, instance.series_key, instance.instance_key)
        WHERE instance.study_key >= ?1 AND instance.study_key < ?2
      ORDER BY unit_key LIMIT ?3
      """, [.text(text), .text(text + "\u{7f}"), .int(limit)]
    ) { keys.append($0.text("unit_key")) }
    return keys
  }

  package func units(bundle: String, _ body: (UnitRecord) throws -> Void) throws {
    try database.run(
      "SELECT \(Self.unitColumns) FROM unit WHERE bundle = ? ORDER BY unit_key", [.text(bundle)]
    ) { try body(Self.unit($0)) }
  }

  package func vectors(
    bundle: String, _ body: (UnitSummary, UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    // SQLite's buffer may not be aligned for Float.
    var vector: [Float] = []
    try database.run(
      """
      SELECT unit_key, last_sequence, embedding, mask, cluster, window_generation, modality, body_part FROM unit
      WHERE bundle = ? ORDER BY unit_key
      """, [.text(bundle)]
    ) { row in
      let bytes = row.bytes("embedding")
      let count = bytes.count / MemoryLayout<Float>.size
      if vector.count != count { vector = [Float](repeating: 0, count: count) }
      vector.withUnsafeMutableBytes { $0.copyMemory(from: .init(rebasing: bytes.prefix($0.count))) }
      let unit = UnitSummary(
        unitKey: row.text("unit_key"), lastSequence: row.int("last_sequence"),
        mask: BlockMask(rawValue: row.int("mask")),
        cluster: row.int("cluster"), windowGeneration: row.optionalInt("window_generation"),
        modality: row.optionalText("modality"), bodyPart: row.optionalText("body_part"))
      try vector.withUnsafeBufferPointer { try body(unit, $0) }
    }
  }

  package func unitCount() throws -> Int {
    try database.first("SELECT count(*) AS units FROM unit") { $0.int("units") } ?? 0
  }

  package func studyCount() throws -> Int {
    try database.first("SELECT count(*) AS studies FROM study") { $0.int("studies") } ?? 0
  }

  package func save(_ unit: UnitRecord) throws {
    try database.run(
      "INSERT OR IGNORE INTO former SELECT cluster, unit_key FROM unit WHERE unit_key = ? AND cluster <> ?",
      [.text(unit.unitKey), .int(unit.cluster)])
    try database.run(
      "INSERT OR REPLACE INTO unit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      [
        .text(unit.unitKey), .text(unit.studyKey), .int(unit.revision), .int(unit.lastSequence),
        .text(unit.bundle), .blob(Data(scalars: unit.embedding.values)),
        .int(unit.embedding.mask.rawValue),
        .int(unit.cluster), unit.windowGeneration.map(Bound.int) ?? .null, .int(unit.instances),
        .int(unit.frames), .optional(unit.modality), .optional(unit.bodyPart),
        .text(unit.decodePath), .int(unit.firstSequence), .int(unit.isTrained ? 1 : 0),
      ])
  }

  package func clusterSizes() throws -> [Int: Int] {
    var sizes: [Int: Int] = [:]
    try database.run("SELECT cluster, count(*) AS units FROM unit GROUP BY cluster") {
      sizes[$0.int("cluster")] = $0.int("units")
    }
    return sizes
  }

  package func windowSizes(generation: Int) throws -> [Int: Int] {
    var sizes: [Int: Int] = [:]
    try database.run(
      "SELECT cluster, count(*) AS units FROM unit WHERE window_generation = ? GROUP BY cluster",
      [.int(generation)]
    ) { sizes[$0.int("cluster")] = $0.int("units") }
    return sizes
  }

  package func composition(cluster: Int, of column: CountedColumn) throws -> [(
    value: String, count: Int
  )] {
    var values: [(String, Int)] = []
    try database.run(
      """
      SELECT coalesce(\(column.rawValue), '') AS value, count(*) AS units FROM unit WHERE cluster = ?
      GROUP BY 1 ORDER BY 2 DESC, 1
      """, [.int(cluster)]
    ) { values.append(($0.text("value"), $0.int("units"))) }
    return values
  }
}
