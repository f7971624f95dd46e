import Core
import Features
import Store

/// One unit of an archive that was read for training.
public struct ArchiveUnit: Sendable {
  public var unit: TrainingUnit
  public var modality: String?
  public var bodyPart: String?
}

/// Training units out of studies that still have their images and texts.
enum Trainer {
  static func units(_ studies: [String: OpenStudy], configuration: Configuration) -> [ArchiveUnit] {
    studies.sorted { $0.key < $1.key }.flatMap { studyKey, study in
      let text = study.texts.filter { !$0.isEmpty }.joined(separator: "\n")
      let groups = UnitComposer.groups(
        study.instances.values.map(\.record), studyKey: studyKey, unit: configuration.unit)
      return groups.map { group in
        let sampled = UnitComposer.sampledKeys(
          group.instances, limit: configuration.decoding.instancesPerUnit)
        let instances = group.instances.filter { sampled.contains($0.instanceKey) }
        let composed = UnitComposer.compose(instances)
        let unit = TrainingUnit(
          study: studyKey,
          images: instances.flatMap { study.instances[$0.instanceKey]?.images ?? [] },
          tags: composed.tags,
          text: text.isEmpty ? nil : Redacted(text), names: Redacted(study.names.sorted()),
          digests: group.instances.map(\.digest))
        return ArchiveUnit(
          unit: unit, modality: composed.tags["Modality"], bodyPart: composed.bodyPart)
      }
    }
  }
}
