import Core
import Embeddings
import Synchronization

/// The instances decoded so far that stand for their units. One with a larger key than all of a full unit's can't be
/// among them any more, whatever comes later, so that its pixels need not be decoded: of a CT series of 500 slices in
/// any order some 120 are.
package final class SampledInstances: Sendable {
  private let unit: Configuration.Unit
  private let limit: Int
  /// By unit: the smallest instance keys, sorted, `limit` at most.
  private let smallest = Mutex<[String: [String]]>([:])
  /// Forgetting units costs a look at more pixels, and nothing else.
  private static let mostUnits = 4_096

  package init(_ configuration: Configuration) {
    unit = configuration.unit
    limit = configuration.decoding.instancesPerUnit
  }

  /// Whether enough instances with smaller keys were decoded.
  package func areEnough(without instance: InstanceKeys) -> Bool {
    let unit = UnitComposer.unitKey(instance, unit: unit)
    return smallest.withLock { full($0[unit] ?? [], without: instance.instance) }
  }

  /// Takes note of an instance whose pixels were decoded.
  ///
  /// - Returns: whether it stands for its unit, as far as is known.
  package func add(_ instance: InstanceKeys) -> Bool {
    let (unit, key) = (UnitComposer.unitKey(instance, unit: unit), instance.instance)
    return smallest.withLock { smallest in
      if smallest.count >= Self.mostUnits && smallest[unit] == nil { smallest = [:] }
      var sampled = smallest[unit] ?? []
      guard !full(sampled, without: key) else { return false }
      if !sampled.contains(key) {
        sampled.insert(key, at: sampled.firstIndex { $0 > key } ?? sampled.count)
        smallest[unit] = Array(sampled.prefix(limit))
      }
      return true
    }
  }

  private func full(_ sampled: [String], without key: String) -> Bool {
    sampled.count == limit && sampled.last.map { $0 < key } ?? false
  }
}
