import Core
import Foundation

extension SQLiteStore {
  package func instanceDigest(_ instanceKey: String) throws -> (digest: String, studyKey: String)? {
    try database.first(
      "SELECT digest, study_key FROM instance WHERE instance_key = ?", [.text(instanceKey)]
    ) { ($0.text("digest"), $0.text("study_key")) }
  }

  package func instances(ofStudy studyKey: String) throws -> [InstanceRecord] {
    var records: [InstanceRecord] = []
    try database.run(
      """
      SELECT instance_key, series_key, digest, has_pixels, frames, image, tags, body_part, decode_path
      FROM instance WHERE study_key = ? ORDER BY instance_key
      """, [.text(studyKey)]
    ) { row in
      let tags = row.optionalText("tags").flatMap {
        try? JSONDecoder().decode(TagValues.self, from: Data($0.utf8))
      }
      records.append(
        InstanceRecord(
          instanceKey: row.text("instance_key"), seriesKey: row.text("series_key"),
          digest: row.text("digest"),
          hasPixels: row.flag("has_pixels"), frames: row.int("frames"),
          image: row.blob("image").scalars(), tags: tags,
          bodyPart: row.optionalText("body_part"), decodePath: row.text("decode_path")))
    }
    return records
  }

  package func save(_ record: InstanceRecord, studyKey: String, bundle: String) throws {
    let tags = record.tags.map { tags in
      JSON.object(tags.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }).encoded
    }
    try database.run(
      "INSERT OR REPLACE INTO instance VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      [
        .text(record.instanceKey), .text(studyKey), .text(record.seriesKey), .text(record.digest),
        .text(bundle), .int(record.hasPixels ? 1 : 0), .int(record.frames),
        record.image.isEmpty ? .null : .blob(Data(scalars: record.image)), .optional(tags),
        .optional(record.bodyPart), .text(record.decodePath),
      ])
  }

  package func saveStudy(_ studyKey: String, accessionKey: String?) throws {
    try database.run(
      """
      INSERT INTO study (study_key, accession_key, has_patients) VALUES (?, ?, 1)
      ON CONFLICT (study_key)
      DO UPDATE SET accession_key = coalesce(excluded.accession_key, accession_key)
      """, [.text(studyKey), .optional(accessionKey)])
  }

  package func studies(studyKeys: [String], accessionKeys: [String]) throws -> [String] {
    var found: [String] = []
    for (column, keys) in [("study_key", studyKeys), ("accession_key", accessionKeys)] {
      for key in keys {
        try database.run(
          """
          SELECT study_key FROM study WHERE \(column) = ? AND NOT EXISTS (
            SELECT 1 FROM instance WHERE instance.study_key = study.study_key AND digest = '')
          """, [.text(key)]
        ) { found.append($0.text("study_key")) }
      }
    }
    return found
  }
}
