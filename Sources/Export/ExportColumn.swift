import Clustering
import Core
import Store

/// A column of `labels.csv`. The table's head, `labels.jsonl`, `metadata.csv`, the data dictionary and the Croissant
/// metadata follow from `all`, so they can't disagree.
struct ExportColumn: Sendable {
  enum Kind { case text, integer, number, truth }

  let name: String
  let kind: Kind
  let meaning: String
  /// `null` where a row has none.
  let value: @Sendable (ExportRow) -> JSON

  private init(
    _ name: String, _ kind: Kind, _ meaning: String,
    _ value: @escaping @Sendable (ExportRow) -> JSON
  ) {
    self.name = name
    self.kind = kind
    self.meaning = meaning
    self.value = value
  }

  static let all: [ExportColumn] = [
    .init(
      "file", .text,
      "path of the image below the export; with `--format dicom`, of the file below the input folder"
    ) { .string($0.file) },
    .init("split", .text, "`train`, `validation` or `test`; no patient is in two") {
      .string($0.split)
    },
    .init("cluster", .text, "label of the unit's cluster; permanent") { .string($0.cluster) },
    .init("cluster_name", .text, "the name that reviewers gave it") { .optional($0.clusterName) },
    .init("class", .integer, "the cluster's number in `classes.json`, from 0; never another one's")
    {
      $0.classIndex.map(JSON.int) ?? .null
    },
    .init(
      "distance", .number, "from the unit's vector to its cluster's centre, in the fused space"
    ) { $0.unit.map { .figure($0.assignment.distance) } ?? .null },
    .init(
      "margin", .number,
      "1 − distance / distance to the nearest other centre: 0 on the border, towards 1 at the centre, negative if another centre is nearer"
    ) { $0.unit.map { .figure($0.assignment.margin) } ?? .null },
    .init("second_cluster", .text, "label of the cluster with the nearest other centre") {
      .optional($0.unit?.second.map(ClusterRecord.label))
    },
    .init(
      "novelty", .number,
      "distance / the cluster's limit, which 99 % of the units that formed it keep"
    ) { $0.unit.map { .figure($0.novelty) } ?? .null },
    .init("novel", .truth, "whether novelty is above 1") {
      $0.unit.map { .bool($0.novelty > 1) } ?? .null
    },
    .init(
      "blocks", .text, "what the unit's vector was made from: `image`, `tags`, `text`, joined by +"
    ) {
      .optional($0.unit?.mask.names.joined(separator: "+"))
    },
    .init("modality", .text, "Modality, DICOM's defined terms; else `other`") {
      .optional($0.modality)
    },
    .init("body_part", .text, "region by the site's table, or BodyPartExamined; else `other`") {
      .optional($0.bodyPart)
    },
    .init("instances", .integer, "instances of the unit") {
      $0.unit.map { .int($0.instances) } ?? .null
    },
    .init("frames", .integer, "frames behind the image part of the unit's vector") {
      $0.unit.map { .int($0.frames) } ?? .null
    },
    .init("generation", .integer, "generation of the clustering in force") {
      $0.unit.map { .int($0.generation) } ?? .null
    },
    .init("bundle", .text, "hash of the frozen models") { .optional($0.unit?.bundle) },
    .init("study_key", .text, "the study: HMAC-SHA256 of its UID, or the UID (`privacy.uids`)") {
      .string($0.studyKey)
    },
    .init("patient_key", .text, "the patient, by any number that links studies") {
      .string($0.patientKey)
    },
    .init("unit_key", .text, "what was annotated: study, series or instance") {
      .string($0.unitKey)
    },
    .init("instance_key", .text, "the DICOM instance") { .string($0.instanceKey) },
    .init("image_number", .integer, "of the image within its instance, from 1") {
      .int($0.image)
    },
    .init("sha256", .text, "of the image; empty for DICOM files") { .optional($0.sha256) },
    .init(
      "burned_in", .text,
      "text in the image: `none` was found, it was `masked`, or it was not looked for (`kept`)"
    ) { .optional($0.burnedIn?.rawValue) },
    .init("source", .text, "digest of the DICOM file, as in the store") { .string($0.source) },
  ]

  static func head(_ columns: [ExportColumn]) -> String {
    columns.map(\.name).joined(separator: ",")
  }

  static func csv(_ row: ExportRow, _ columns: [ExportColumn]) -> String {
    columns.map { CSV.field($0.value(row)) }.joined(separator: ",")
  }
}
