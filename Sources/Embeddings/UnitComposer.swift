import Core
import Features
import Store

/// From instances to units: which belong together, which are sampled, and how they combine. Nothing here depends on the
/// order in which instances arrived.
package enum UnitComposer {
  /// The instances of one unit.
  package struct Group {
    package var unitKey: String
    package var instances: [InstanceRecord]
  }

  /// The combined features of a unit's instances.
  package struct Composition {
    package var image: [Float]?
    package var frames: Int
    package var tags: TagValues
    package var bodyPart: String?
    package var decodePath: String
  }

  /// Splits a study's instances by the configured unit, in order of unit key. A study without instances (a report of an
  /// unknown study) has no groups.
  package static func groups(
    _ instances: [InstanceRecord], studyKey: String, unit: Configuration.Unit
  )
    -> [Group]
  {
    let keyed = Dictionary(grouping: instances) { unitKey($0, studyKey: studyKey, unit: unit) }
    // A document beside images is not a unit of its own: its text belongs to the study.
    let pictured = keyed.filter { $0.value.contains(where: \.hasPixels) }
    return (pictured.isEmpty ? keyed : pictured).sorted { $0.key < $1.key }.map {
      Group(unitKey: $0.key, instances: $0.value.sorted { $0.instanceKey < $1.instanceKey })
    }
  }

  package static func unitKey(
    _ instance: InstanceRecord, studyKey: String, unit: Configuration.Unit
  )
    -> String
  {
    unitKey(
      InstanceKeys(
        study: studyKey, series: instance.seriesKey, instance: instance.instanceKey), unit: unit)
  }

  package static func unitKey(_ keys: InstanceKeys, unit: Configuration.Unit) -> String {
    switch unit {
    case .study: keys.study
    case .series: keys.series
    case .image: keys.instance
    }
  }

  /// Keys of the instances that represent a unit: those with the smallest keys, which are effectively random. If any
  /// instance has pixels, only such instances are sampled.
  package static func sampledKeys(_ instances: [InstanceRecord], limit: Int) -> Set<String> {
    let pictured = instances.filter(\.hasPixels)
    return Set((pictured.isEmpty ? instances : pictured).map(\.instanceKey).sorted().prefix(limit))
  }

  /// Averages image vectors by frames and summarizes tags.
  ///
  /// - Parameter instances: the sampled ones, sorted by key.
  package static func compose(_ instances: [InstanceRecord]) -> Composition {
    let pictured = instances.filter { !$0.image.isEmpty }
    let frames = pictured.reduce(0) { $0 + $1.frames }
    let image = pictured.first.map { first in
      first.image.indices.map { index in
        Float(
          pictured.reduce(0.0) { $0 + Double($1.frames) * Double($1.image[index]) } / Double(frames)
        )
      }
    }
    return Composition(
      image: image, frames: frames, tags: AcquisitionTag.summary(instances.compactMap(\.tags)),
      bodyPart: instances.compactMap(\.bodyPart).mostFrequent,
      decodePath: Set(instances.map(\.decodePath)).sorted().joined(separator: "+"))
  }
}
