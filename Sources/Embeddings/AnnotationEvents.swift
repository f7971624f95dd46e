import Clustering
import Core
import Store

/// The fields of the log's events, as described in `config/annotation.schema.json`.
package enum AnnotationEvents {
  /// - Parameter reason: why a unit is annotated again; `nil` for a first annotation.
  package static func annotation(
    _ unit: UnitRecord, unitKind: Configuration.Unit, generation: LiveGeneration,
    assignment: Assignment,
    bodyParts: BodyPartRules, name: String?, supersedes: Int?, reason: String?
  ) -> Event {
    var event = Event(
      supersedes == nil ? .annotation : .revision,
      [
        "unit": .string(unitKind.rawValue), "unit_key": .string(unit.unitKey),
        "study_key": .string(unit.studyKey), "revision": .int(unit.revision),
        "generation": .int(generation.number), "bundle": .string(generation.bundle),
        "cluster": .string(ClusterRecord.label(unit.cluster)), "cluster_name": .optional(name),
        "distance": .figure(assignment.distance),
        "second_cluster": .optional(
          assignment.second.map { ClusterRecord.label(generation.clusters[$0]) }),
        "margin": .figure(assignment.margin),
        "novel": .bool(assignment.distance > generation.novelty[assignment.cluster]),
        "blocks": .array(unit.embedding.mask.names.map(JSON.string)),
        "instances": .int(unit.instances), "frames": .int(unit.frames),
        "modality": .optional(unit.modality.map { StandardCode.shown($0, of: "Modality") }),
        "body_part": .optional(unit.bodyPart.map(bodyParts.shown)),
        "decode_path": .string(unit.decodePath), "supersedes": supersedes.map(JSON.int) ?? .null,
      ])
    if let reason { event.fields.append((key: "reason", value: .string(reason))) }
    return event
  }

  package static func quarantine(_ fileKey: String, _ rejection: Rejection) -> Event {
    Event(
      .quarantine,
      [
        "file_key": .string(fileKey), "reason": .string(rejection.code.rawValue),
        "detail": .string(rejection.detail),
      ])
  }

  package static func waiting(_ item: WaitingItem, since: Double, now: Double) -> Event {
    Event(
      .waiting,
      [
        "kind": .string(item.kind.rawValue), "key": .string(item.key),
        "since": .string(timestamp(secondsSince1970: since)),
        "age_seconds": .int(Int(max(0, now - since))), "detail": .string(item.kind.words),
      ])
  }

  package static func lifecycle(_ what: String, _ fields: KeyValuePairs<String, JSON> = [:])
    -> Event
  {
    var event = Event(.lifecycle, ["event": .string(what)])
    event.fields += fields.map { (key: $0.key, value: $0.value) }
    return event
  }
}
