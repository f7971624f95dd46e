import Core
import Store

@testable import Export

extension ExportRow {
  /// An image of instance `i` of study `s`.
  static func made(
    cluster: Int = 1, name: String? = nil, split: String = "train", instance: String = "i",
    study: String = "s"
  ) -> ExportRow {
    let label = ClusterRecord.label(cluster)
    return ExportRow(
      file: "\(split)/\(label)/\(instance)-1.png", split: split, cluster: label,
      clusterName: name, modality: "CT", bodyPart: nil, studyKey: study, patientKey: "p",
      unitKey: "u", instanceKey: instance, image: 1, sha256: nil, source: "d", classIndex: 0)
  }
}
