import Core
import Foundation
import Store

/// One image of an export, or one DICOM file: a line of `labels.jsonl` and of `labels.csv`; see `ExportColumn`.
///
/// Decoded are the properties that a later run needs of a row; the others follow from the store.
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
  /// The cluster's index in `classes.json`.
  var classIndex: Int?
  /// `nil` if the unit has no vector under the bundle in use.
  var unit: ExportUnit?
  /// What was done about burned-in text; `nil` for DICOM files.
  var burnedIn: BurnedIn?

  enum BurnedIn: String, Codable {
    /// Looked for, and not found.
    case none
    /// Found, and filled with black.
    case masked
    /// Not looked for.
    case kept

    /// Whether an export with a treatment may hold such an image.
    func fits(_ treatment: TextTreatment) -> Bool {
      switch treatment {
      case .withhold: self == .none
      case .mask: self != .kept
      case .keep: self != .masked
      }
    }
  }

  enum CodingKeys: String, CodingKey {
    case file, split, cluster
    case clusterName = "cluster_name"
    case modality
    case bodyPart = "body_part"
    case studyKey = "study_key"
    case patientKey = "patient_key"
    case unitKey = "unit_key"
    case instanceKey = "instance_key"
    case image = "image_number"
    case sha256, source
    case burnedIn = "burned_in"
  }

  /// The path of the image, by its labels.
  var place: String { "\(split)/\(cluster)/\(instanceKey)-\(image).png" }

  /// A line of `labels.jsonl`.
  var json: JSON { .object(ExportColumn.all.map { ($0.name, $0.value(self)) }) }

  mutating func label(_ instance: SourceInstance, name: String?, _ parameters: ExportParameters) {
    let candidate = instance.candidate
    (patientKey, split) = (instance.patient, parameters.split(instance.splitKey))
    cluster = ClusterRecord.label(candidate.cluster)
    clusterName = name
    (modality, bodyPart) = (candidate.modality, candidate.bodyPart)
  }
}
