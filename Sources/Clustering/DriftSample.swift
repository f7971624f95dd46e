import Core
import Foundation

/// The scope of a drift test: one block, or the whole fused vector.
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

/// Units seen from the frozen centroids of a generation, in order of arrival: all that drift tests need.
package struct DriftSample: Sendable {
  /// Nearest frozen centroid of each unit.
  package let clusters: [Int]
  /// By scope and unit: the distance to its centroid over the scope's blocks, in radii of the cluster as the fit left
  /// it; `nan` where it has none of the blocks.
  let distances: [[Float]]
  /// The same, squared and in units of the fused space.
  let squares: [[Float]]
  /// By scope, units × `features`: random Fourier features (Rahimi and Recht 2007), whose means differ between two
  /// samples as their distributions do. Zero where the unit lacks the block.
  let waves: [[Float]]
  /// By block and unit: scores of its fit to the unit's other blocks (`DriftCoherence`); `nan` where it has none.
  let coherences: [[Float]]
  private let frequencies: DriftFrequencies
  private let coherence: DriftCoherence
  /// By cluster. They depend on neither sample: a scale estimated from the reference would suit it better than the
  /// window, the more so the smaller the reference.
  private let radii: [Double]

  static let features = 64

  package var count: Int { clusters.count }

  /// A reference.
  ///
  /// - Parameters:
  ///   - radii: RMS distance of each cluster's members in the fit; 0 where it has too few.
  ///   - areMembers: whether the centroids were fitted on these units. Each is then seen from the centroid that the
  ///     others alone would have: members pull their centroid towards themselves, so new units would look drifted in
  ///     comparison.
  package init(
    reference points: Points, centroids: Centroids, radii: [Double], areMembers: Bool, seed: UInt64
  ) {
    let known = radii.filter { $0 > 0 }
    let mean = known.isEmpty ? 1 : known.reduce(0, +) / Double(known.count)
    let coherence = DriftCoherence(points, seed: seed)
    self.init(
      points, centroids, Self.places(points, centroids, areMembers: areMembers),
      radii: radii.map { $0 > 0 ? $0 : mean }, DriftFrequencies(points, seed: seed), coherence,
      coherence.referenceScores)
  }

  /// Units that arrived after a reference was frozen.
  package init(window points: Points, centroids: Centroids, like reference: DriftSample) {
    self.init(
      points, centroids, Self.places(points, centroids, areMembers: false),
      radii: reference.radii, reference.frequencies, reference.coherence,
      reference.coherence.scores(of: points))
  }

  private init(
    _ points: Points, _ centroids: Centroids, _ places: [Place], radii: [Double],
    _ frequencies: DriftFrequencies, _ coherence: DriftCoherence, _ coherences: [[Float]]
  ) {
    clusters = places.map(\.cluster)
    let squares = Self.squares(points, centroids, places)
    self.squares = squares
    self.radii = radii
    self.frequencies = frequencies
    self.coherence = coherence
    self.coherences = coherences
    distances = squares.map { squares in
      zip(squares, places).map { Float(Double($0).squareRoot() / radii[$1.cluster]) }
    }
    waves = DriftScope.all.indices.map { frequencies.waves(points, scope: $0) }
  }

  /// A unit's cluster, and the factor on its distances there.
  private struct Place {
    var cluster: Int
    var factor: Double
  }

  /// Without the unit, its centroid (the mean of w units) would be w / (w − 1) times as far away; another one may then
  /// be nearer.
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
        // A single block needs no factor for missing blocks.
        return Float((scope == .fused ? squared : squared / scale) * place.factor * place.factor)
      }
    }
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
