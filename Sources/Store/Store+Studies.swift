import Core
import Foundation

/// What is kept of one instance.
package struct InstanceRecord: Sendable {
  package var instanceKey: String
  package var seriesKey: String
  package var digest: String
  package var hasPixels: Bool
  /// Frames behind the image vector.
  package var frames: Int
  /// Mean image vector of its frames under the bundle; empty without images.
  package var image: [Float]
  /// `nil` once the instance is no longer among the sampled ones.
  package var tags: TagValues?
  package var bodyPart: String?
  package var decodePath: String

  package init(
    instanceKey: String, seriesKey: String, digest: String, hasPixels: Bool, frames: Int,
    image: [Float], tags: TagValues?, bodyPart: String?, decodePath: String
  ) {
    self.instanceKey = instanceKey
    self.seriesKey = seriesKey
    self.digest = digest
    self.hasPixels = hasPixels
    self.frames = frames
    self.image = image
    self.tags = tags
    self.bodyPart = bodyPart
    self.decodePath = decodePath
  }
}

extension Store {
  package func instanceDigest(_ instanceKey: String) throws -> (digest: String, studyKey: String)? {
    try database.first(
      "SELECT digest, study_key FROM instance WHERE instance_key = ?", [.text(instanceKey)]
    ) { ($0.text(0), $0.text(1)) }
  }

  package func instances(ofStudy studyKey: String) throws -> [InstanceRecord] {
    var records: [InstanceRecord] = []
    try database.run(
      """
      SELECT instance_key, series_key, digest, has_pixels, frames, image, tags, body_part, decode_path
      FROM instance WHERE study_key = ? ORDER BY instance_key
      """, [.text(studyKey)]
    ) { row in
      let tags = row.optionalText(6).flatMap {
        try? JSONDecoder().decode(TagValues.self, from: Data($0.utf8))
      }
      records.append(
        InstanceRecord(
          instanceKey: row.text(0), seriesKey: row.text(1), digest: row.text(2),
          hasPixels: row.int(3) != 0, frames: row.int(4), image: row.blob(5).scalars(), tags: tags,
          bodyPart: row.optionalText(7), decodePath: row.text(8)))
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

  /// The annotated studies that a report is about, by their own keys or their accession numbers'. One whose files
  /// have to be read again under another bundle is none: a report alone would annotate it without its images.
  package func studies(studyKeys: [String], accessionKeys: [String]) throws -> [String] {
    var found: [String] = []
    for (column, keys) in [("study_key", studyKeys), ("accession_key", accessionKeys)] {
      for key in keys {
        try database.run(
          """
          SELECT study_key FROM study WHERE \(column) = ? AND NOT EXISTS (
            SELECT 1 FROM instance WHERE instance.study_key = study.study_key AND digest = '')
          """, [.text(key)]
        ) { found.append($0.text(0)) }
      }
    }
    return found
  }
}
