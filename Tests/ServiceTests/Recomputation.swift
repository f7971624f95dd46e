import Core
import Features
import Foundation
import Store
import TestSupport
import Testing

/// Figures of a clustering, computed the slow and obvious way from what a store holds: nothing here comes from the code
/// that computed the stored ones.
struct Recomputation {
  let units: [UnitRecord]
  let centroids: [CentroidRecord]
  private let layout: BlockLayout

  init(_ site: Site, generation number: Int) throws {
    let store = try SQLiteStore(path: site.store, readOnly: true)
    let generation = try #require(try store.generations().first { $0.number == number })
    layout = try ModelBundle(
      contentsOf: site.folder.path + "/state/bundles/" + generation.bundle, programs: .leftOut
    ).fusion.layout
    centroids = try store.centroids(generation: number)
    var units: [UnitRecord] = []
    try store.units(bundle: generation.bundle) { units.append($0) }
    self.units = units
  }

  /// d² = (Σ w / Σ w m) Σ m ‖x − c‖², see docs/method.md.
  func squaredDistance(_ unit: UnitRecord, to vector: [Float]) -> Double {
    var (sum, whole, present, start) = (0.0, 0.0, 0.0, 0)
    for block in Block.allCases {
      let end = start + layout.lengths[block.rawValue]
      defer { start = end }
      guard end > start else { continue }
      whole += layout.weights[block.rawValue]
      guard unit.embedding.mask.contains(block) else { continue }
      present += layout.weights[block.rawValue]
      for index in start..<end {
        let difference = Double(unit.embedding.values[index]) - Double(vector[index])
        sum += difference * difference
      }
    }
    return sum * whole / present
  }

  /// Positions of the centroids by distance, nearest first.
  func ranked(_ unit: UnitRecord) -> [(position: Int, distance: Double)] {
    centroids.indices.map { ($0, squaredDistance(unit, to: centroids[$0].vector).squareRoot()) }
      .sorted { $0.1 < $1.1 }
  }

  /// Distances of each centroid's units.
  var distances: [[Double]] {
    var distances = [[Double]](repeating: [], count: centroids.count)
    for unit in units {
      guard let nearest = ranked(unit).first else { continue }
      distances[nearest.position].append(nearest.distance)
    }
    return distances
  }

  var inertia: Double { distances.joined().reduce(0) { $0 + $1 * $1 } }

  /// Each unit that a centroid was fitted on measured n / (n − 1) times as far away.
  ///
  /// - Parameter new: the units that it was not fitted on.
  func heldOutInertia(without new: Set<String>) -> Double {
    units.reduce(0) { sum, unit in
      guard let (position, distance) = ranked(unit).first else { return sum }
      let members = Double(centroids[position].occupancy)
      let factor = new.contains(unit.unitKey) || members < 2 ? 1 : members / (members - 1)
      return sum + pow(distance * factor, 2)
    }
  }

  /// How many of each centroid's units have each block.
  var weights: [[Double]] {
    var weights = centroids.map { _ in [Double](repeating: 0, count: Block.allCases.count) }
    for unit in units {
      guard let position = ranked(unit).first?.position else { continue }
      for block in Block.allCases where unit.embedding.mask.contains(block) {
        weights[position][block.rawValue] += 1
      }
    }
    return weights
  }

  static func percentile99(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
  }
}

/// Agreement of two labellings from their contingency table.
struct SlowAgreement {
  let homogeneity: Double
  let mutualInformation: Double
  let normalized: Double
  let adjustedRand: Double

  init<First: Hashable, Second: Hashable>(truth: [First], clusters: [Second]) {
    let n = Double(truth.count)
    var (rows, columns, cells): ([First: Double], [Second: Double], [First: [Second: Double]]) =
      ([:], [:], [:])
    for (row, column) in zip(truth, clusters) {
      rows[row, default: 0] += 1
      columns[column, default: 0] += 1
      cells[row, default: [:]][column, default: 0] += 1
    }
    func entropy(_ counts: some Sequence<Double>) -> Double {
      counts.reduce(0) { $0 - $1 / n * log($1 / n) }
    }
    func pairs(_ count: Double) -> Double { count * (count - 1) / 2 }
    let (first, second) = (entropy(rows.values), entropy(columns.values))
    mutualInformation = cells.reduce(0) { sum, row in
      row.value.reduce(sum) {
        $0 + $1.value / n * log(n * $1.value / ((rows[row.key] ?? 0) * (columns[$1.key] ?? 0)))
      }
    }
    homogeneity = first > 0 ? mutualInformation / first : 1
    normalized = first + second > 0 ? 2 * mutualInformation / (first + second) : 1
    let together = cells.values.reduce(0) { $1.values.reduce($0) { $0 + pairs($1) } }
    let (a, b) = (
      rows.values.reduce(0) { $0 + pairs($1) }, columns.values.reduce(0) { $0 + pairs($1) }
    )
    let expected = a * b / pairs(n)
    adjustedRand = (together - expected) / ((a + b) / 2 - expected)
  }
}
