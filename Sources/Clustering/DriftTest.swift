import Core
import Foundation

/// One test of a window of units against the frozen reference.
package struct DriftTest: Hashable, Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    /// Population stability index of cluster occupancy.
    case occupancy
    /// Kolmogorov–Smirnov: the largest difference between the distributions of distances to the own centroid.
    case distance
    /// Increase in the share of units beyond the reference's 99th percentile.
    case novelty
    /// Maximum mean discrepancy of the vectors, squared (Gretton et al. 2012).
    case discrepancy
    /// |ln| of the mean squared distance to the own centroid over the reference's.
    case inertia
    /// Change in the share of units that have the block.
    case presence
    /// Increase in the log-likelihood that blocks of one unit belong to different ones, nats (`DriftCoherence`).
    case coherence
  }

  package var kind: Kind
  package var scope: DriftScope

  /// Occupancy applies to the fused vectors, presence and coherence to blocks, the others to both.
  package static let all: [DriftTest] = Kind.allCases.flatMap { kind in
    DriftScope.all.filter { scope in
      switch kind {
      case .occupancy: scope == .fused
      case .presence, .coherence: scope != .fused
      default: true
      }
    }.map { DriftTest(kind: kind, scope: $0) }
  }

  /// Smaller differences don't matter, however significant.
  package var floor: Double {
    switch kind {
    case .occupancy: 0.05
    case .distance: 0.05
    case .novelty: 0.015
    case .discrepancy: 0
    case .inertia: 0.05
    case .presence: 0.02
    case .coherence: 0.01
    }
  }
}

/// The statistics of all tests between two samples, given as rows of one pool.
///
/// Everything is prepared once for the pool, so that thousands of resamples are cheap: ranks instead of distances,
/// indicator bits, and feature rows to average.
struct DriftPool: Sendable {
  private let clusters: [Int]
  private let k: Int
  /// By scope: the rank of each unit's distance in the pool, −1 where it has none; equal distances share the highest
  /// rank.
  private let places: [[Int32]]
  private let squares: [[Float]]
  private let waves: [[Float]]
  /// By block.
  private let coherences: [[Float]]
  private let count: Int

  init(_ parts: [DriftSample], k: Int) {
    self.k = k
    clusters = parts.flatMap(\.clusters)
    count = clusters.count
    let distances = DriftScope.all.indices.map { scope in parts.flatMap { $0.distances[scope] } }
    places = distances.map(Self.places)
    squares = DriftScope.all.indices.map { scope in parts.flatMap { $0.squares[scope] } }
    waves = DriftScope.all.indices.map { scope in parts.flatMap { $0.waves[scope] } }
    coherences = Block.allCases.map { block in parts.flatMap { $0.coherences[block.rawValue] } }
  }

  private static func places(_ distances: [Float]) -> [Int32] {
    let order = distances.indices.filter { !distances[$0].isNaN }.sorted {
      distances[$0] < distances[$1]
    }
    var places = [Int32](repeating: -1, count: distances.count)
    for (place, row) in order.enumerated().reversed() {
      let next = place + 1 < order.count ? order[place + 1] : nil
      places[row] =
        next.flatMap { distances[$0] == distances[row] ? places[$0] : nil } ?? Int32(place)
    }
    return places
  }

  /// In the order of `DriftTest.all`.
  func statistics(reference: [Int], window: [Int]) -> [Double] {
    let scopes = DriftScope.all.indices.map { scope in
      (Summary(self, scope, reference), Summary(self, scope, window))
    }
    return DriftTest.all.map { test in
      let scope = DriftScope.all.firstIndex(of: test.scope)!
      let (old, new) = scopes[scope]
      switch test.kind {
      case .occupancy:
        return DriftMetrics.populationStabilityIndex(
          reference: occupancy(reference), window: occupancy(window))
      case .distance:
        return old.present > 0 && new.present > 0 ? largestGap(scope, reference, window) : 0
      case .novelty:
        return old.present > 0 && new.present > 0 ? novelty(scope, reference, window) : 0
      case .discrepancy: return old.present > 0 && new.present > 0 ? old.discrepancy(new) : 0
      case .inertia:
        return old.inertia > 0 && new.inertia > 0 ? abs(log(new.inertia / old.inertia)) : 0
      case .presence: return abs(new.presence - old.presence)
      case .coherence:
        guard case .block(let block) = test.scope, let before = coherence(block, reference),
          let now = coherence(block, window)
        else { return 0 }
        return now - before
      }
    }
  }

  private func coherence(_ block: Block, _ rows: [Int]) -> Double? {
    var (sum, present) = (0.0, 0.0)
    for row in rows {
      let value = coherences[block.rawValue][row]
      if !value.isNaN {
        sum += Double(value)
        present += 1
      }
    }
    return present > 0 ? sum / present : nil
  }

  private func occupancy(_ rows: [Int]) -> [Int] {
    rows.reduce(into: [Int](repeating: 0, count: k)) { $0[clusters[$1]] += 1 }
  }

  /// Units of some rows by the rank of their distance.
  private func byRank(_ scope: Int, _ rows: [Int]) -> (counts: [Int32], total: Double) {
    var counts = [Int32](repeating: 0, count: count)
    var total = 0
    for row in rows where places[scope][row] >= 0 {
      counts[Int(places[scope][row])] += 1
      total += 1
    }
    return (counts, Double(total))
  }

  private func largestGap(_ scope: Int, _ reference: [Int], _ window: [Int]) -> Double {
    let (old, new) = (byRank(scope, reference), byRank(scope, window))
    var (a, b, gap) = (0.0, 0.0, 0.0)
    for place in 0..<count {
      a += Double(old.counts[place])
      b += Double(new.counts[place])
      gap = max(gap, abs(a / old.total - b / new.total))
    }
    return gap
  }

  /// By how much more of the window than of the reference lies beyond the reference's 99th percentile.
  private func novelty(_ scope: Int, _ reference: [Int], _ window: [Int]) -> Double {
    let (old, new) = (byRank(scope, reference), byRank(scope, window))
    let allowed = old.total - max(1, (0.99 * old.total).rounded(.up))
    var (beyond, novel) = (0.0, 0.0)
    for place in stride(from: count - 1, through: 0, by: -1) {
      guard beyond + Double(old.counts[place]) <= allowed else { break }
      beyond += Double(old.counts[place])
      novel += Double(new.counts[place])
    }
    return novel / new.total - beyond / old.total
  }

  private struct Summary {
    var present = 0
    var presence = 0.0
    var inertia = 0.0
    var mean = [Float](repeating: 0, count: DriftSample.features)

    init(_ pool: DriftPool, _ scope: Int, _ rows: [Int]) {
      var squares = 0.0
      pool.waves[scope].withUnsafeBufferPointer { waves in
        for row in rows where pool.places[scope][row] >= 0 {
          present += 1
          squares += Double(pool.squares[scope][row])
          for feature in 0..<DriftSample.features {
            mean[feature] += waves[row * DriftSample.features + feature]
          }
        }
      }
      guard present > 0 else { return }
      presence = Double(present) / Double(rows.count)
      inertia = squares / Double(present)
      for feature in mean.indices { mean[feature] /= Float(present) }
    }

    /// ‖difference of means‖² · 2 / features, because a cosine's mean square is one half.
    func discrepancy(_ other: Summary) -> Double {
      2 * zip(mean, other.mean).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
        / Double(DriftSample.features)
    }
  }
}
