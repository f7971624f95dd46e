import Core
import Foundation

/// Queries for overviews of the whole archive.
extension SQLiteStore {
  package func terms(
    bundle: String, _ body: (_ cluster: Int, _ patient: String, _ terms: [Int: Int]) -> Void
  ) throws {
    try database.run(
      """
      SELECT unit.cluster, \(Self.patient) AS patient, report.terms FROM unit JOIN report USING (study_key)
      WHERE unit.bundle = ?1 AND report.bundle = ?1 AND report.counts
      """, [.text(bundle)]
    ) { body($0.int("cluster"), $0.text("patient"), Self.terms($0.text("terms"))) }
  }

  /// SQL for the smallest of the patient number keys of a unit's study, or the study key if it has none.
  private static let patient = """
    coalesce((SELECT min(number_key) FROM study_patient AS own WHERE own.study_key = unit.study_key), unit.study_key)
    """

  package func tags(
    bundle: String, step: Int,
    _ body: (_ cluster: Int, _ patient: String, _ tags: TagValues) -> Void
  ) throws {
    let decoder = JSONDecoder()
    try database.run(
      """
      SELECT cluster, \(Self.patient) AS patient, (
        SELECT tags FROM instance WHERE instance.study_key = unit.study_key AND tags IS NOT NULL
        ORDER BY instance_key LIMIT 1) AS tags
      FROM (
        SELECT cluster, study_key, row_number() OVER (PARTITION BY cluster ORDER BY unit_key) AS number
        FROM unit WHERE bundle = ?) AS unit
      WHERE number % ? = 0
      """, [.text(bundle), .int(step)]
    ) { row in
      guard let text = row.optionalText("tags"),
        let tags = try? decoder.decode(TagValues.self, from: Data(text.utf8))
      else { return }
      body(row.int("cluster"), row.text("patient"), tags)
    }
  }

  package func exportCandidate(pathKey: String) throws -> ExportCandidate? {
    try database.first(
      """
      SELECT instance.instance_key, instance.digest, unit.unit_key, unit.study_key, unit.cluster,
        unit.modality, unit.body_part
      FROM file JOIN instance USING (instance_key)
        JOIN unit ON unit_key IN (instance.study_key, instance.series_key, instance.instance_key)
      WHERE path_key = ? AND has_pixels AND file.digest = instance.digest
      """, [.text(pathKey)]
    ) {
      ExportCandidate(
        instanceKey: $0.text("instance_key"), digest: $0.text("digest"),
        unitKey: $0.text("unit_key"), studyKey: $0.text("study_key"),
        cluster: $0.int("cluster"), modality: $0.optionalText("modality"),
        bodyPart: $0.optionalText("body_part"))
    }
  }

  package func instanceCount(clusters: [Int]) throws -> Int {
    let list = clusters.sorted().map(String.init).joined(separator: ", ")
    return try database.first(
      """
      SELECT count(*) AS instances FROM instance
        JOIN unit ON unit_key IN (instance.study_key, instance.series_key, instance.instance_key)
      WHERE has_pixels AND unit.cluster IN (\(list))
      """
    ) { $0.int("instances") } ?? 0
  }

  package func occupancies(generation: Int) throws -> [(cluster: Int, units: Int)] {
    var occupancies: [(Int, Int)] = []
    try database.run(
      "SELECT cluster, occupancy FROM centroid WHERE generation = ? ORDER BY cluster",
      [.int(generation)]
    ) { occupancies.append(($0.int("cluster"), $0.int("occupancy"))) }
    return occupancies
  }

  package func events(_ kind: Event.Kind) throws -> [JSON] {
    var events: [JSON] = []
    try database.run(
      "SELECT line FROM event WHERE type = ? ORDER BY sequence", [.text(kind.rawValue)]
    ) { if let event = try? JSON(parsing: $0.text("line")) { events.append(event) } }
    return events
  }

  package func throughput() throws -> [(time: String, units: Int)] {
    func counts(_ length: Int) throws -> [(time: String, units: Int)] {
      var counts: [(String, Int)] = []
      try database.run(
        """
        SELECT substr(json_extract(line, '$.time'), 1, ?) AS moment, count(*) AS units FROM event
        WHERE type = 'annotation' GROUP BY moment ORDER BY moment
        """, [.int(length)]
      ) { counts.append(($0.text("moment"), $0.int("units"))) }
      return counts
    }
    let days = try counts(10)
    return days.count > 3 ? days : try counts(13)
  }
}
