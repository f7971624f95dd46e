import Core
import Foundation

/// One unit as it is annotated now.
package struct UnitRecord: Sendable {
  package var unitKey: String
  package var studyKey: String
  /// 1 for the first annotation.
  package var revision: Int
  /// Sequence number of the annotation or revision in force.
  package var lastSequence: Int
  /// That of the first annotation.
  package var firstSequence = 0
  package var bundle: String
  package var embedding: Embedding
  /// Permanent cluster.
  package var cluster: Int
  /// The generation in which it arrived as new. Once that is no longer in force it says nothing: a full fit has seen
  /// the unit.
  package var windowGeneration: Int?
  package var instances: Int
  package var frames: Int
  package var modality: String?
  package var bodyPart: String?
  package var decodePath: String

  package init(
    unitKey: String, studyKey: String, revision: Int, lastSequence: Int, bundle: String,
    embedding: Embedding, cluster: Int, windowGeneration: Int?, instances: Int, frames: Int,
    modality: String?, bodyPart: String?, decodePath: String
  ) {
    self.unitKey = unitKey
    self.studyKey = studyKey
    self.revision = revision
    self.lastSequence = lastSequence
    self.bundle = bundle
    self.embedding = embedding
    self.cluster = cluster
    self.windowGeneration = windowGeneration
    self.instances = instances
    self.frames = frames
    self.modality = modality
    self.bodyPart = bodyPart
    self.decodePath = decodePath
  }
}

/// What clusterings look at besides the vector.
package struct UnitSummary: Sendable {
  package var unitKey: String
  package var lastSequence: Int
  package var mask: BlockMask
  package var cluster: Int
  package var modality: String?
  package var bodyPart: String?
}

extension Store {
  private static let unitColumns = """
    unit_key, study_key, revision, last_sequence, bundle, embedding, mask, cluster, window_generation,
    instances, frames, modality, body_part, decode_path, first_sequence
    """

  private static func unit(_ row: Row) -> UnitRecord {
    var unit = UnitRecord(
      unitKey: row.text(0), studyKey: row.text(1), revision: row.int(2), lastSequence: row.int(3),
      bundle: row.text(4),
      embedding: Embedding(values: row.blob(5).scalars(), mask: BlockMask(rawValue: row.int(6))),
      cluster: row.int(7), windowGeneration: row.optionalInt(8), instances: row.int(9),
      frames: row.int(10), modality: row.optionalText(11), bodyPart: row.optionalText(12),
      decodePath: row.text(13))
    unit.firstSequence = row.int(14)
    return unit
  }

  package func unit(_ unitKey: String) throws -> UnitRecord? {
    try database.first(
      "SELECT \(Self.unitColumns) FROM unit WHERE unit_key = ?", [.text(unitKey)], Self.unit)
  }

  /// Every unit under a bundle, in the order of the keys.
  package func units(bundle: String, _ body: (UnitRecord) throws -> Void) throws {
    try database.run(
      "SELECT \(Self.unitColumns) FROM unit WHERE bundle = ? ORDER BY unit_key", [.text(bundle)]
    ) { try body(Self.unit($0)) }
  }

  /// Every unit under a bundle in the order of the keys, without what clusterings don't look at. The vector is there
  /// until `body` returns.
  package func vectors(
    bundle: String, _ body: (UnitSummary, UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    // SQLite's own copy need not lie where a Float may.
    var vector: [Float] = []
    try database.run(
      """
      SELECT unit_key, last_sequence, embedding, mask, cluster, modality, body_part FROM unit
      WHERE bundle = ? ORDER BY unit_key
      """, [.text(bundle)]
    ) { row in
      let bytes = row.bytes(2)
      let count = bytes.count / MemoryLayout<Float>.size
      if vector.count != count { vector = [Float](repeating: 0, count: count) }
      vector.withUnsafeMutableBytes { $0.copyMemory(from: .init(rebasing: bytes.prefix($0.count))) }
      let unit = UnitSummary(
        unitKey: row.text(0), lastSequence: row.int(1), mask: BlockMask(rawValue: row.int(3)),
        cluster: row.int(4), modality: row.optionalText(5), bodyPart: row.optionalText(6))
      try vector.withUnsafeBufferPointer { try body(unit, $0) }
    }
  }

  package func unitCount() throws -> Int {
    try database.first("SELECT count(*) FROM unit") { $0.int(0) } ?? 0
  }

  package func studyCount() throws -> Int {
    try database.first("SELECT count(*) FROM study") { $0.int(0) } ?? 0
  }

  package func save(_ unit: UnitRecord) throws {
    try database.run(
      "INSERT OR REPLACE INTO unit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      [
        .text(unit.unitKey), .text(unit.studyKey), .int(unit.revision), .int(unit.lastSequence),
        .text(unit.bundle), .blob(Data(scalars: unit.embedding.values)),
        .int(unit.embedding.mask.rawValue),
        .int(unit.cluster), unit.windowGeneration.map(Bound.int) ?? .null, .int(unit.instances),
        .int(unit.frames), .optional(unit.modality), .optional(unit.bodyPart),
        .text(unit.decodePath), .int(unit.firstSequence),
      ])
  }

  /// Units in each permanent cluster.
  package func clusterSizes() throws -> [Int: Int] {
    var sizes: [Int: Int] = [:]
    try database.run("SELECT cluster, count(*) FROM unit GROUP BY cluster") {
      sizes[$0.int(0)] = $0.int(1)
    }
    return sizes
  }

  /// Units in each permanent cluster that arrived since a generation was promoted.
  package func windowSizes(generation: Int) throws -> [Int: Int] {
    var sizes: [Int: Int] = [:]
    try database.run(
      "SELECT cluster, count(*) FROM unit WHERE window_generation = ? GROUP BY cluster",
      [.int(generation)]
    ) { sizes[$0.int(0)] = $0.int(1) }
    return sizes
  }

  /// The most frequent values of `modality` or `body_part` in a cluster.
  package func composition(cluster: Int, of column: Composition) throws -> [(
    value: String, count: Int
  )] {
    var values: [(String, Int)] = []
    try database.run(
      """
      SELECT coalesce(\(column.rawValue), ''), count(*) FROM unit WHERE cluster = ?
      GROUP BY 1 ORDER BY 2 DESC, 1
      """, [.int(cluster)]
    ) { values.append(($0.text(0), $0.int(1))) }
    return values
  }

  package enum Composition: String, Sendable {
    case modality
    case bodyPart = "body_part"
  }
}
