import Core
import Embeddings
import Synchronization

/// The instance with the smallest key, of those that may be shown, of each unit. Only one with a smaller key can give
/// the unit another picture, so only those are examined: of a unit of n instances in any order about 1 + ln n.
package final class ShownInstances: Sendable {
  private let unit: Configuration.Unit
  private let smallest = Mutex<[String: String]>([:])
  /// Units remembered at most. Forgetting them only means that more pictures are made.
  private static let mostUnits = 65_536

  package init(_ unit: Configuration.Unit) { self.unit = unit }

  /// Whether an instance would give its unit a picture.
  package func isWanted(_ instance: InstanceKeys) -> Bool {
    let unit = UnitComposer.unitKey(instance, unit: unit)
    return smallest.withLock { $0[unit].map { instance.instance <= $0 } ?? true }
  }

  package func add(_ instance: InstanceKeys) {
    let unit = UnitComposer.unitKey(instance, unit: unit)
    smallest.withLock { smallest in
      if smallest.count >= Self.mostUnits && smallest[unit] == nil { smallest = [:] }
      smallest[unit] = min(smallest[unit] ?? instance.instance, instance.instance)
    }
  }
}
