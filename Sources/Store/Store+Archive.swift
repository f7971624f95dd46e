import Core
import Foundation

/// What overviews of the whole archive are made of.
extension Store {
  /// Term counts of every report of the units under a bundle, with the unit's cluster.
  public func terms(bundle: String, _ body: (_ cluster: Int, _ terms: [Int: Int]) -> Void) throws {
    try database.run(
      """
      SELECT unit.cluster, report.terms FROM unit JOIN report USING (study_key)
      WHERE unit.bundle = ?1 AND report.bundle = ?1
      """, [.text(bundle)]
    ) { body($0.int(0), Self.terms($0.text(1))) }
  }

  /// The tags of one instance of every unit's study, with the unit's cluster.
  ///
  /// - Parameter step: of so many units one is looked at.
  public func tags(bundle: String, step: Int, _ body: (_ cluster: Int, _ tags: TagValues) -> Void)
    throws
  {
    let decoder = JSONDecoder()
    try database.run(
      """
      SELECT cluster, (
        SELECT tags FROM instance WHERE instance.study_key = numbered.study_key AND tags IS NOT NULL
        ORDER BY instance_key LIMIT 1)
      FROM (
        SELECT cluster, study_key, row_number() OVER (PARTITION BY cluster ORDER BY unit_key) AS number
        FROM unit WHERE bundle = ?) AS numbered
      WHERE number % ? = 0
      """, [.text(bundle), .int(step)]
    ) { row in
      guard let text = row.optionalText(1),
        let tags = try? decoder.decode(TagValues.self, from: Data(text.utf8))
      else { return }
      body(row.int(0), tags)
    }
  }

  /// The clusters of a generation and how many units formed each.
  public func occupancies(generation: Int) throws -> [(cluster: Int, units: Int)] {
    var occupancies: [(Int, Int)] = []
    try database.run(
      "SELECT cluster, occupancy FROM centroid WHERE generation = ? ORDER BY cluster",
      [.int(generation)]
    ) { occupancies.append(($0.int(0), $0.int(1))) }
    return occupancies
  }

  /// Every event of a type, in order.
  public func events(_ kind: Event.Kind) throws -> [JSON] {
    var events: [JSON] = []
    try database.run(
      "SELECT line FROM event WHERE type = ? ORDER BY sequence", [.text(kind.rawValue)]
    ) { if let event = try? JSON(parsing: $0.text(0)) { events.append(event) } }
    return events
  }

  /// First annotations by day, or by hour where there are few days; `2026-11-25` or `2026-11-25T03`.
  public func throughput() throws -> [(time: String, units: Int)] {
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
