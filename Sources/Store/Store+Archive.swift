import Core
import Foundation

/// One instance of an annotated unit.
package struct ExportCandidate: Sendable {
  package var instanceKey: String
  /// SHA-256 of its file.
  package var digest: String
  package var unitKey: String
  package var studyKey: String
  /// Permanent cluster of today.
  package var cluster: Int
  package var modality: String?
  package var bodyPart: String?
}

/// What overviews of the whole archive are made of.
extension Store {
  /// Term counts of every report that counts of the units under a bundle, with the unit's cluster and what tells its
  /// patient from others.
  package func terms(
    bundle: String, _ body: (_ cluster: Int, _ patient: String, _ terms: [Int: Int]) -> Void
  ) throws {
    try database.run(
      """
      SELECT unit.cluster, \(Self.patient), report.terms FROM unit JOIN report USING (study_key)
      WHERE unit.bundle = ?1 AND report.bundle = ?1 AND report.counts
      """, [.text(bundle)]
    ) { body($0.int(0), $0.text(1), Self.terms($0.text(2))) }
  }

  /// The least of the numbers that a study's files call its patient by, or the study where they have none.
  private static let patient = """
    coalesce((SELECT min(number_key) FROM study_patient AS own WHERE own.study_key = unit.study_key), unit.study_key)
    """

  /// The tags of one instance of every unit's study, with the unit's cluster and what tells its patient from others.
  ///
  /// - Parameter step: of so many units one is looked at.
  package func tags(
    bundle: String, step: Int,
    _ body: (_ cluster: Int, _ patient: String, _ tags: TagValues) -> Void
  ) throws {
    let decoder = JSONDecoder()
    try database.run(
      """
      SELECT cluster, \(Self.patient), (
        SELECT tags FROM instance WHERE instance.study_key = unit.study_key AND tags IS NOT NULL
        ORDER BY instance_key LIMIT 1)
      FROM (
        SELECT cluster, study_key, row_number() OVER (PARTITION BY cluster ORDER BY unit_key) AS number
        FROM unit WHERE bundle = ?) AS unit
      WHERE number % ? = 0
      """, [.text(bundle), .int(step)]
    ) { row in
      guard let text = row.optionalText(2),
        let tags = try? decoder.decode(TagValues.self, from: Data(text.utf8))
      else { return }
      body(row.int(0), row.text(1), tags)
    }
  }

  /// What the file of an annotated image is labelled with today; `nil` for any other file.
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
        instanceKey: $0.text(0), digest: $0.text(1), unitKey: $0.text(2), studyKey: $0.text(3),
        cluster: $0.int(4), modality: $0.optionalText(5), bodyPart: $0.optionalText(6))
    }
  }

  /// Instances with pixels in some clusters.
  package func instanceCount(clusters: [Int]) throws -> Int {
    let list = clusters.sorted().map(String.init).joined(separator: ", ")
    return try database.first(
      """
      SELECT count(*) FROM instance
        JOIN unit ON unit_key IN (instance.study_key, instance.series_key, instance.instance_key)
      WHERE has_pixels AND unit.cluster IN (\(list))
      """
    ) { $0.int(0) } ?? 0
  }

  /// The clusters of a generation and how many units formed each.
  package func occupancies(generation: Int) throws -> [(cluster: Int, units: Int)] {
    var occupancies: [(Int, Int)] = []
    try database.run(
      "SELECT cluster, occupancy FROM centroid WHERE generation = ? ORDER BY cluster",
      [.int(generation)]
    ) { occupancies.append(($0.int(0), $0.int(1))) }
    return occupancies
  }

  /// Every event of a type, in order.
  package func events(_ kind: Event.Kind) throws -> [JSON] {
    var events: [JSON] = []
    try database.run(
      "SELECT line FROM event WHERE type = ? ORDER BY sequence", [.text(kind.rawValue)]
    ) { if let event = try? JSON(parsing: $0.text(0)) { events.append(event) } }
    return events
  }

  /// First annotations by day, or by hour where there are few days; `2026-11-25` or `2026-11-25T03`.
  package func throughput() throws -> [(time: String, units: Int)] {
    func counts(_ length: Int) throws -> [(time: String, units: Int)] {
      var counts: [(String, Int)] = []
      try database.run(
        """
        SELECT substr(json_extract(line, '$.time'), 1, ?) AS moment, count(*) FROM event
        WHERE type = 'annotation' GROUP BY moment ORDER BY moment
        """, [.int(length)]
      ) { counts.append(($0.text(0), $0.int(1))) }
      return counts
    }
    let days = try counts(10)
    return days.count > 3 ? days : try counts(13)
  }
}
