import Core
import Foundation

/// What a drift test looks at: one block, or the whole fused vector.
package enum DriftScope: Hashable, Sendable {
  case fused
  case block(Block)

  package static let all: [DriftScope] = [.fused] + Block.allCases.map { .block($0) }

  package var name: String {
    switch self {
    case .fused: "fused"
    case .block(let block): block.name
    }
  }

  var mask: BlockMask {
    switch self {
    case .fused: .all
    case .block(let block): BlockMask(block)
    }
  }
}

/// Units seen from the frozen centres of a generation, in the order of their arrival: all that drift tests need.
package struct DriftSample: Sendable {
  /// Nearest frozen centre of each unit.
  package let clusters: [Int]
  /// By scope, of each unit: the distance to its centre over the scope's blocks, in RMS distances of the
  /// reference's other units of that cluster; `nan` where it has none.
  let distances: [[Float]]
  /// The same, squared and in units of the fused space.
  let squares: [[Float]]
  /// By scope, units × `features`: cosines whose mean differs between two samples as their distributions do
  /// (random Fourier features, Rahimi and Recht 2007). Zero where the unit lacks the block.
  let waves: [[Float]]
  /// By block, of each unit: how well it fits the unit's other blocks; `nan` where it has none.
  let coherences: [[Float]]
  private let frequencies: DriftFrequencies
  private let coherence: DriftCoherence
  /// By scope, the spread of each cluster of the reference.
  private let spreads: [[Spread]]

  static let features = 64
  /// Clusters with fewer units take the spread of all of them together.
  private static let fewest = 5

  package var count: Int { clusters.count }

  /// A reference.
  ///
  /// - Parameter areMembers: whether the centres were fitted on these units. They are then seen from the centres
  ///   that the others alone would have: members draw their centre towards themselves, and new units would look
  ///   drifted beside them.
  package init(reference points: Points, centroids: Centroids, areMembers: Bool, seed: UInt64) {
    let places = Self.places(points, centroids, areMembers: areMembers)
    let squares = Self.squares(points, centroids, places)
    let spreads = squares.map { Self.spreads($0, places.map(\.cluster), k: centroids.k) }
    let coherence = DriftCoherence(points, seed: seed)
    self.init(
      points, places, squares, spreads, own: 1, DriftFrequencies(points, seed: seed), coherence,
      coherence.referenceScores)
  }

  /// Units that came after a reference was frozen.
  package init(window points: Points, centroids: Centroids, like reference: DriftSample) {
    let places = Self.places(points, centroids, areMembers: false)
    self.init(
      points, places, Self.squares(points, centroids, places), reference.spreads, own: 0,
      reference.frequencies, reference.coherence, reference.coherence.scores(of: points))
  }

  private init(
    _ points: Points, _ places: [Place], _ squares: [[Float]], _ spreads: [[Spread]],
    own: Double, _ frequencies: DriftFrequencies, _ coherence: DriftCoherence,
    _ coherences: [[Float]]
  ) {
    clusters = places.map(\.cluster)
    self.squares = squares
    self.spreads = spreads
    self.frequencies = frequencies
    self.coherence = coherence
    self.coherences = coherences
    distances = zip(squares, spreads).map { squares, spreads in
      zip(squares, places).map { spreads[$1.cluster].distance($0, own: own) }
    }
    waves = DriftScope.all.indices.map { frequencies.waves(points, scope: $0) }
  }

  /// Where a unit belongs, and what its distances there are multiplied with.
  private struct Place {
    var cluster: Int
    var factor: Double
  }

  /// Without the unit its home's centre, the mean of w units, would be w / (w − 1) times as far; another one may
  /// be nearer then.
  private static func places(_ points: Points, _ centroids: Centroids, areMembers: Bool) -> [Place]
  {
    (0..<points.count).map { row in
      let assignment = centroids.assign(points[row])
      let weight = centroids.weights(of: assignment.cluster).max() ?? 0
      guard areMembers, weight > 1 else { return Place(cluster: assignment.cluster, factor: 1) }
      let factor = weight / (weight - 1)
      if let second = assignment.second, assignment.secondDistance < assignment.distance * factor {
        return Place(cluster: second, factor: 1)
      }
      return Place(cluster: assignment.cluster, factor: factor)
    }
  }

  private static func squares(_ points: Points, _ centroids: Centroids, _ places: [Place])
    -> [[Float]]
  {
    DriftScope.all.map { scope in
      places.enumerated().map { row, place in
        let mask = points.masks[row].intersection(scope.mask)
        let scale = Double(points.layout.scale(for: mask))
        guard scale > 0 else { return .nan }
        let squared = points.withRows {
          centroids.squaredDistance($0 + row * points.dimensions, mask, to: place.cluster)
        }
        // Of a block alone: the factor for missing blocks has no place in it.
        return Float((scope == .fused ? squared : squared / scale) * place.factor * place.factor)
      }
    }
  }

  /// Squared distances of a cluster's units to its centre.
  private struct Spread: Sendable {
    var sum = 0.0
    var count = 0.0

    /// A distance in RMS distances of the cluster's units; in those of the others, if it is one of them itself:
    /// a unit far out widens its cluster, and would look nearer than a new one at the same place.
    func distance(_ square: Float, own: Double) -> Float {
      guard !square.isNaN else { return .nan }
      let others = count > 1 ? (sum - own * Double(square)) / (count - own) : 0
      return others > 0 ? Float((Double(square) / others).squareRoot()) : 0
    }
  }

  private static func spreads(_ squares: [Float], _ clusters: [Int], k: Int) -> [Spread] {
    var spreads = [Spread](repeating: Spread(), count: k)
    for (square, cluster) in zip(squares, clusters) where !square.isNaN {
      spreads[cluster].sum += Double(square)
      spreads[cluster].count += 1
    }
    let all = spreads.reduce(Spread()) { Spread(sum: $0.sum + $1.sum, count: $0.count + $1.count) }
    return spreads.map { Int($0.count) < fewest ? all : $0 }
  }
}

/// Random directions and phases of the Gaussian kernel whose width is the median distance in a reference.
struct DriftFrequencies: Sendable {
  /// By scope: features × dimensions, zero outside the scope; and the phases.
  private let directions: [[Float]]
  private let phases: [[Float]]

  init(_ reference: Points, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var directions: [[Float]] = []
    var phases: [[Float]] = []
    for scope in DriftScope.all {
      let width = Self.medianDistance(reference, scope.mask, &generator)
      var rows = [Float](repeating: 0, count: DriftSample.features * reference.dimensions)
      for feature in 0..<DriftSample.features {
        for block in Block.allCases where scope.mask.contains(block) {
          for dimension in reference.layout.range(of: block) {
            rows[feature * reference.dimensions + dimension] = Float(generator.gaussian() / width)
          }
        }
      }
      directions.append(rows)
      phases.append((0..<DriftSample.features).map { _ in Float(2 * .pi * generator.uniform()) })
    }
    self.directions = directions
    self.phases = phases
  }

  private static func medianDistance(
    _ points: Points, _ mask: BlockMask, _ generator: inout SeededGenerator
  ) -> Double {
    let rows = (0..<points.count).filter { !points.masks[$0].isDisjoint(with: mask) }
    guard rows.count >= 2 else { return 1 }
    var distances: [Double] = []
    for _ in 0..<1_000 {
      let (a, b) = (rows.randomElement(using: &generator)!, rows.randomElement(using: &generator)!)
      var sum = 0.0
      for block in Block.allCases where mask.contains(block) {
        for dimension in points.layout.range(of: block) {
          let difference = Double(
            points.values[a * points.dimensions + dimension]
              - points.values[b * points.dimensions + dimension])
          sum += difference * difference
        }
      }
      if sum > 0 { distances.append(sum.squareRoot()) }
    }
    return distances.isEmpty ? 1 : distances.sorted()[distances.count / 2]
  }

  func waves(_ points: Points, scope: Int) -> [Float] {
    var waves = [Float](repeating: 0, count: points.count * DriftSample.features)
    let mask = DriftScope.all[scope].mask
    directions[scope].withUnsafeBufferPointer { directions in
      points.withRows { rows in
        for row in 0..<points.count where !points.masks[row].isDisjoint(with: mask) {
          for feature in 0..<DriftSample.features {
            let angle = Rows.dot(
              rows + row * points.dimensions,
              directions.baseAddress! + feature * points.dimensions, points.dimensions)
            waves[row * DriftSample.features + feature] = cos(angle + phases[scope][feature])
          }
        }
      }
    }
    return waves
  }
}
