import Core

/// The units most like one, as the control socket and `radiologynetctl similar` show them.
package struct SimilarUnits: Sendable, Equatable {
  package struct Row: Sendable, Equatable {
    package var distance: Double
    package var unitKey: String
    package var studyKey: String
    package var cluster: String
    package var clusterName: String?
    package var modality: String?
    package var bodyPart: String?
    /// The same picture, or nearly.
    package var isNearDuplicate: Bool

    package init(_ unit: UnitRecord, distance: Double, clusterName: String?, isNearDuplicate: Bool)
    {
      self.distance = distance
      unitKey = unit.unitKey
      studyKey = unit.studyKey
      cluster = ClusterRecord.label(unit.cluster)
      self.clusterName = clusterName
      modality = unit.modality
      bodyPart = unit.bodyPart
      self.isNearDuplicate = isNearDuplicate
    }
  }

  package var unitKey: String
  /// The block that was compared; `nil` for all.
  package var block: String?
  /// Nearest first.
  package var rows: [Row]

  package init(unitKey: String, block: String?, rows: [Row]) {
    self.unitKey = unitKey
    self.block = block
    self.rows = rows
  }

  package var json: JSON {
    [
      "ok": true, "unit_key": .string(unitKey), "block": .optional(block),
      "similar": .array(
        rows.map { row in
          [
            "distance": .figure(row.distance), "unit_key": .string(row.unitKey),
            "study_key": .string(row.studyKey), "cluster": .string(row.cluster),
            "cluster_name": .optional(row.clusterName), "modality": .optional(row.modality),
            "body_part": .optional(row.bodyPart), "near_duplicate": .bool(row.isNearDuplicate),
          ]
        }),
    ]
  }

  /// Lines of text for people, from the JSON.
  package static func text(_ json: JSON) -> String {
    let rows = json["similar"]?.array ?? []
    guard !rows.isEmpty else { return "no other unit can be compared with it" }
    let width = rows.map { ($0["unit_key"]?.string ?? "").count }.max() ?? 0
    func column(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count) + 2)
    }
    let lines = rows.map { row in
      let distance = row["distance"]?.double ?? .nan
      let name = row["cluster_name"]?.string.map { " \"\($0)\"" } ?? ""
      return column("\((distance * 1_000).rounded() / 1_000)", 8)
        + column(row["unit_key"]?.string ?? "", width)
        + column(row["modality"]?.string ?? "-", 8) + column(row["body_part"]?.string ?? "-", 14)
        + (row["cluster"]?.string ?? "") + name
        + (row["near_duplicate"]?.bool == true ? "  near-duplicate" : "")
    }
    return
      ([
        column("distance", 8) + column("unit", width) + column("modality", 8)
          + column("body part", 14) + "cluster"
      ] + lines).joined(separator: "\n")
  }
}
