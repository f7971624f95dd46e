import Core
import Embeddings
import Synchronization

/// The sampled instances of each unit among those decoded so far. Once a unit's sample is full, an instance with a
/// larger key than all of it can't join, whatever arrives later, so its pixels need not be decoded: of a CT series of
/// 500 slices in random order, about 120 are decoded.
package final class SampledInstances: Sendable {
  private let unit: Configuration.Unit
  private let limit: Int
  /// The smallest instance keys of each unit, sorted, `limit` at most.
  private let smallest = Mutex<[String: [String]]>([:])
  /// Units remembered at most. Forgetting them only means that more pixels are decoded.
  private static let mostUnits = 4_096

  package init(_ configuration: Configuration) {
    unit = configuration.unit
    limit = configuration.decoding.instancesPerUnit
  }

  /// Whether the unit's sample is full of instances with smaller keys.
  package func areEnough(without instance: InstanceKeys) -> Bool {
    let unit = UnitComposer.unitKey(instance, unit: unit)
    return smallest.withLock { full($0[unit] ?? [], without: instance.instance) }
  }

  /// Records an instance whose pixels were decoded.
  ///
  /// - Returns: whether it belongs to its unit's sample so far.
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
