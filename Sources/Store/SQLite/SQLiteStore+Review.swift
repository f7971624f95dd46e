import Foundation

extension SQLiteStore {
  package func review(cluster: Int, name: String?, trust: ClusterTrust, _ review: ClusterReview?)
    throws
  {
    try database.run(
      "UPDATE cluster SET name = ?, trust = ? WHERE id = ?",
      [.optional(name), .text(trust.rawValue), .int(cluster)])
    guard review != nil || trust == .unreviewed else { return }
    try database.run("DELETE FROM review WHERE cluster = ?", [.int(cluster)])
    try database.run("DELETE FROM review_mix WHERE cluster = ?", [.int(cluster)])
    guard let review, trust != .unreviewed else { return }
    try database.run(
      "INSERT INTO review VALUES (?, ?, ?, ?, ?, ?)",
      [
        .int(cluster), .int(review.generation), .int(review.sequence), .text(review.time),
        .optional(review.reviewer), .optional(review.comment),
      ])
    let columns = [
      (CountedColumn.modality, review.contents.modality), (.bodyPart, review.contents.bodyPart),
    ]
    for (column, counts) in columns {
      for (value, units) in counts {
        try database.run(
          "INSERT INTO review_mix VALUES (?, ?, ?, ?)",
          [.int(cluster), .text(column.rawValue), .text(value), .int(units)])
      }
    }
  }

  package func reviews() throws -> [Int: ClusterReview] {
    var reviews: [Int: ClusterReview] = [:]
    try database.run("SELECT cluster, generation, sequence, time, reviewer, comment FROM review") {
      reviews[$0.int("cluster")] = ClusterReview(
        generation: $0.int("generation"), sequence: $0.int("sequence"), time: $0.text("time"),
        reviewer: $0.optionalText("reviewer"), comment: $0.optionalText("comment"),
        contents: ClusterContents(modality: [:], bodyPart: [:]))
    }
    try database.run("SELECT cluster, kind, value, units FROM review_mix") {
      let (cluster, value, units) = ($0.int("cluster"), $0.text("value"), $0.int("units"))
      switch CountedColumn(rawValue: $0.text("kind")) {
      case .modality: reviews[cluster]?.contents.modality[value] = units
      case .bodyPart: reviews[cluster]?.contents.bodyPart[value] = units
      case nil: break
      }
    }
    return reviews
  }

  package func unitCount(cluster: Int, unchangedSince sequence: Int) throws -> Int {
    try database.first(
      "SELECT count(*) AS units FROM unit WHERE cluster = ? AND last_sequence <= ?",
      [.int(cluster), .int(sequence)]
    ) { $0.int("units") } ?? 0
  }

  package func restore(cluster: Int) throws {
    try database.run(
      "UPDATE cluster SET retired = NULL, successor = NULL WHERE id = ?", [.int(cluster)])
  }

  package func placements() throws -> [String: Placement] {
    var placements: [String: Placement] = [:]
    try database.run("SELECT unit_key, cluster, is_wanted FROM placement") {
      let cluster = $0.int("cluster")
      if $0.flag("is_wanted") {
        placements[$0.text("unit_key"), default: Placement()].cluster = cluster
      } else {
        placements[$0.text("unit_key"), default: Placement()].excluded.insert(cluster)
      }
    }
    return placements
  }

  package func setPlacement(_ placement: Placement?, unit: String) throws {
    try database.run("DELETE FROM placement WHERE unit_key = ?", [.text(unit)])
    guard let placement else { return }
    for cluster in placement.excluded where cluster != placement.cluster {
      try database.run(
        "INSERT INTO placement VALUES (?, ?, 0)", [.text(unit), .int(cluster)])
    }
    if let cluster = placement.cluster {
      try database.run("INSERT INTO placement VALUES (?, ?, 1)", [.text(unit), .int(cluster)])
    }
  }
}
