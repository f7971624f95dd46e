import Core
import Foundation
import Store

/// One image of an export, or one DICOM file: a line of `labels.jsonl` and of `labels.csv`.
struct ExportRow: Codable, Sendable {
  /// Relative to the export; for DICOM files, to the input folder.
  var file: String
  var split: String
  /// Label of the current cluster, and its name.
  var cluster: String
  var clusterName: String?
  var modality: String?
  var bodyPart: String?
  var studyKey: String
  var patientKey: String
  var unitKey: String
  var instanceKey: String
  /// Number within its instance, from 1.
  var image: Int
  /// SHA-256 of the file in the export; `nil` for DICOM files.
  var sha256: String?
  /// Content digest of the DICOM file, as in the store.
  var source: String

  enum CodingKeys: String, CodingKey, CaseIterable {
    case file, split, cluster
    case clusterName = "cluster_name"
    case modality
    case bodyPart = "body_part"
    case studyKey = "study_key"
    case patientKey = "patient_key"
    case unitKey = "unit_key"
    case instanceKey = "instance_key"
    case image, sha256, source
  }

  /// The path of the image, by its labels.
  var place: String { "\(split)/\(cluster)/\(instanceKey)-\(image).png" }

  static var csvHead: String { CodingKeys.allCases.map(\.rawValue).joined(separator: ",") }

  var csv: String {
    [
      file, split, cluster, clusterName ?? "", modality ?? "", bodyPart ?? "", studyKey, patientKey,
      unitKey, instanceKey, String(image), sha256 ?? "", source,
    ].map(Self.field).joined(separator: ",")
  }

  /// RFC 4180.
  private static func field(_ text: String) -> String {
    // By bytes: "\r\n" is one Character that equals neither part, and so is a quote with an accent.
    guard text.utf8.contains(where: "\",\n\r".utf8.contains) else { return text }
    return "\""
      + text.utf8.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\"\"") + "\""
  }

  mutating func label(_ instance: SourceInstance, name: String?, _ parameters: ExportParameters) {
    let candidate = instance.candidate
    (patientKey, split) = (instance.patient, parameters.split(instance.splitKey))
    cluster = ClusterRecord.label(candidate.cluster)
    clusterName = name
    (modality, bodyPart) = (candidate.modality, candidate.bodyPart)
  }
}
