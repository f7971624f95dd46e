import Core

extension SQLiteStore {
  package func saveReport(
    _ reportKey: String, studyKey: String, bundle: String, terms: [Int: Int],
    version: ReportVersion, counts: Bool
  ) throws {
    let text = terms.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(
      separator: " ")
    try database.run(
      """
      INSERT OR REPLACE INTO report (
        report_key, study_key, bundle, terms, stage, time, correction, title, predecessors, counts)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .text(reportKey), .text(studyKey), .text(bundle), .text(text),
        .int(version.rank.stage.rawValue), .text(version.rank.time), .int(version.rank.correction),
        .optional(version.title), .text(version.predecessors.joined(separator: " ")),
        .int(counts ? 1 : 0),
      ])
  }

  package func hasReport(_ reportKey: String) throws -> Bool {
    let known = try database.first(
      "SELECT 1 FROM report WHERE report_key = ?", [.text(reportKey)]
    ) { _ in true }
    return known == true
  }

  package func saveDelivery(accessionKey: String, pathKey: String) throws {
    try database.run(
      "INSERT OR IGNORE INTO delivery VALUES (?, ?)", [.text(accessionKey), .text(pathKey)])
  }

  package func deliveries(accessionKey: String) throws -> [String] {
    var paths: [String] = []
    try database.run(
      "SELECT path_key FROM delivery WHERE accession_key = ?", [.text(accessionKey)]
    ) { paths.append($0.text("path_key")) }
    return paths
  }

  package func replaceReport(_ reportKey: String) throws {
    try database.run("UPDATE report SET counts = 0 WHERE report_key = ?", [.text(reportKey)])
  }

  package func reportVersions(ofStudy studyKey: String, bundle: String) throws
    -> [String: ReportVersion]
  {
    var versions: [String: ReportVersion] = [:]
    try database.run(
      """
      SELECT report_key, stage, time, correction, title, predecessors FROM report
      WHERE study_key = ? AND bundle = ? AND stage IS NOT NULL
      """, [.text(studyKey), .text(bundle)]
    ) { row in
      let rank = ReportRank(
        stage: ReportRank.Stage(rawValue: row.int("stage")) ?? .final, time: row.text("time"),
        correction: row.int("correction"))
      versions[row.text("report_key")] = ReportVersion(
        rank: rank, title: row.optionalText("title"),
        predecessors: row.text("predecessors").split(separator: " ").map { String($0) })
    }
    return versions
  }

  package func reports(ofStudy studyKey: String, bundle: String) throws -> [String: [Int: Int]] {
    var reports: [String: [Int: Int]] = [:]
    try database.run(
      "SELECT report_key, terms FROM report WHERE study_key = ? AND bundle = ? AND counts",
      [.text(studyKey), .text(bundle)]
    ) { row in
      reports[row.text("report_key")] = Self.terms(row.text("terms"))
    }
    return reports
  }

  /// Parses `index:count` pairs, separated by blanks, into counts by index.
  static func terms(_ text: String) -> [Int: Int] {
    var terms: [Int: Int] = [:]
    var index: Int?
    var number = 0
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: ":"): (index, number) = (number, 0)
      case UInt8(ascii: " "):
        if let index { terms[index, default: 0] += number }
        (index, number) = (nil, 0)
      default: number = number &* 10 &+ Int(byte &- UInt8(ascii: "0"))
      }
    }
    if let index { terms[index, default: 0] += number }
    return terms
  }
}
