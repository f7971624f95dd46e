import Clustering
import Core
import Store

/// Collected in one pass over all units: each cluster's members, their distances to the centroid, and their values.
struct Census {
  /// Position of each permanent cluster.
  private let positions: [Int: Int]
  private var units: [[(key: String, distance: Float)]]
  private(set) var modality: [[String: Int]]
  private(set) var bodyPart: [[String: Int]]
  private(set) var count = 0
  private(set) var sample: MapSample

  /// Maximum number of units on the map.
  private static let mapSize = 100_000

  init(_ clusters: [Int], seed: UInt64) {
    positions = Dictionary(uniqueKeysWithValues: clusters.enumerated().map { ($1, $0) })
    units = [[(key: String, distance: Float)]](repeating: [], count: clusters.count)
    modality = [[String: Int]](repeating: [:], count: clusters.count)
    bodyPart = modality
    sample = MapSample(atMost: Self.mapSize, seed: seed)
  }

  mutating func add(_ unit: UnitRecord, _ space: ClusterSpace) {
    guard let position = positions[unit.cluster] else { return }
    units[position].append((unit.unitKey, Float(space.distance(unit, to: position))))
    modality[position][unit.modality ?? Mix.unknown, default: 0] += 1
    bodyPart[position][unit.bodyPart ?? Mix.unknown, default: 0] += 1
    count += 1
    sample.add(unit)
  }

  /// The units of a cluster, nearest to the centroid first.
  func members(_ position: Int) -> [(key: String, distance: Float)] {
    units[position].sorted { ($0.distance, $0.key) < ($1.distance, $1.key) }
  }

  /// Agreement of the clusters with a known attribute of their units; `nil` when no unit has it.
  func agreement(_ counts: [[String: Int]]) -> Agreement? {
    var truth: [String] = []
    var clusters: [Int] = []
    for (position, values) in counts.enumerated() {
      for (value, count) in values where value != Mix.unknown {
        truth += [String](repeating: value, count: count)
        clusters += [Int](repeating: position, count: count)
      }
    }
    return truth.isEmpty ? nil : Agreement(truth: truth, clusters: clusters)
  }
}
