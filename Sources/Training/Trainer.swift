import Core
import Embeddings
import Features
import Store

/// One unit of an archive that was read for training.
package struct ArchiveUnit: Sendable {
  package var unit: TrainingUnit
  package var modality: String?
  package var bodyPart: String?
}

/// Makes training units from studies that still have their images and texts.
package enum Trainer {
  package static func units(_ studies: [String: OpenStudy], configuration: Configuration)
    -> [ArchiveUnit]
  {
    let studies = studies.sorted { $0.key < $1.key }
    var patients = PatientGroups()
    for (studyKey, study) in studies {
      for patient in study.patients.sorted(by: { $0.whole < $1.whole }) {
        patients.link(study: studyKey, number: patient.number, whole: patient.whole)
      }
    }
    return studies.flatMap { studyKey, study in
      // A study whose files give no patient number counts as its patient's only study.
      let patient = patients.patient(of: studyKey) ?? studyKey
      let text = study.texts.filter { !$0.isEmpty }.joined(separator: "\n")
      let groups = UnitComposer.groups(
        study.instances.values.map(\.record), studyKey: studyKey, unit: configuration.unit)
      return groups.map { group in
        let sampled = UnitComposer.sampledKeys(
          group.instances, limit: configuration.decoding.instancesPerUnit)
        let instances = group.instances.filter { sampled.contains($0.instanceKey) }
        let composed = UnitComposer.compose(instances)
        let unit = TrainingUnit(
          study: studyKey, patient: patient,
          images: instances.flatMap { study.instances[$0.instanceKey]?.images ?? [] },
          tags: composed.tags,
          text: text.isEmpty ? nil : Redacted(text), names: Redacted(study.names.sorted()),
          digests: group.instances.map(\.digest))
        return ArchiveUnit(
          unit: unit,
          modality: composed.tags["Modality"].map { StandardCode.shown($0, of: "Modality") },
          bodyPart: composed.bodyPart)
      }
    }
  }
}
