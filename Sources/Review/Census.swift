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
  /// A uniform random sample of the units, for the map.
  private(set) var sample: [UnitRecord] = []
  private var generator: SeededGenerator

  private static let sampleSize = 4_000

  init(_ clusters: [Int], seed: UInt64) {
    positions = Dictionary(uniqueKeysWithValues: clusters.enumerated().map { ($1, $0) })
    units = [[(key: String, distance: Float)]](repeating: [], count: clusters.count)
    modality = [[String: Int]](repeating: [:], count: clusters.count)
    bodyPart = modality
    generator = SeededGenerator(seed: seed)
  }

  mutating func add(_ unit: UnitRecord, _ centroids: Centroids) {
    guard let position = positions[unit.cluster] else { return }
    let distance = centroids.squaredDistance(unit.embedding, to: position).squareRoot()
    units[position].append((unit.unitKey, Float(distance)))
    modality[position][unit.modality ?? Mix.unknown, default: 0] += 1
    bodyPart[position][unit.bodyPart ?? Mix.unknown, default: 0] += 1
    count += 1
    if sample.count < Self.sampleSize {
      sample.append(unit)
    } else {
      let place = Int(generator.next() % UInt64(count))
      if place < Self.sampleSize { sample[place] = unit }
    }
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
