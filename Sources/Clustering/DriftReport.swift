import Core

/// Results of the tests on one window.
package struct DriftReport: Sendable {
  package struct Line: Sendable {
    package var test: DriftTest
    package var value: Double
    /// The value that 1 % of windows without drift exceed.
    package var limit: Double
    package var p: Double
    /// Standard deviations above the mean without drift.
    package var excess: Double
    /// Significant at the false discovery rate, and large enough to matter.
    package var isRaised: Bool
  }

  package var lines: [Line]
  /// Blocks with raised tests, the one that moved most first.
  package var blocks: [Block]
  /// Indices of the clusters whose share or distances changed most, at most five; empty unless raised.
  package var clusters: [Int]

  package var isRaised: Bool { lines.contains { $0.isRaised } }

  /// False discovery rate of the tests.
  package static let rate = 0.01
  /// An alarm needs `needed` raised of the last `windows` windows.
  package static let windows = 3
  package static let needed = 2

  /// - Parameter history: whether each window of a generation was raised, oldest first.
  package static func isAlarm(_ history: [Bool]) -> Bool {
    history.suffix(windows).count { $0 } >= needed
  }

  /// - Parameter k: number of clusters.
  package init(
    reference: DriftSample, window: DriftSample, k: Int, calibration: DriftCalibration
  ) {
    let pool = DriftPool([reference, window], k: k)
    let values = pool.statistics(
      reference: Array(0..<reference.count),
      window: Array(reference.count..<reference.count + window.count))
    let chances = values.indices.map { calibration.p(values[$0], test: $0) }
    let believed = benjaminiHochberg(chances, rate: Self.rate)
    lines = DriftTest.all.indices.map { index in
      Line(
        test: DriftTest.all[index], value: values[index], limit: calibration.limit(test: index),
        p: chances[index], excess: calibration.excess(values[index], test: index),
        isRaised: believed[index] && values[index] > DriftTest.all[index].floor)
    }
    let raised = lines.filter { $0.isRaised }
    blocks = Block.allCases.compactMap { block in
      raised.filter { $0.test.scope == .block(block) }.map(\.excess).max().map { (block, $0) }
    }.sorted { $0.1 > $1.1 }.map(\.0)
    clusters =
      raised.isEmpty ? [] : Self.moved(reference, window, scope: blocks.first, k: k)
  }

  /// Clusters whose share or distances deviate by more than 3 standard deviations, largest first, at most five.
  private static func moved(
    _ reference: DriftSample, _ window: DriftSample, scope: Block?, k: Int
  ) -> [Int] {
    let scope = DriftScope.all.firstIndex(of: scope.map { .block($0) } ?? .fused) ?? 0
    func moments(_ sample: DriftSample) -> [(count: Double, mean: Double, variance: Double)] {
      var sums = [(Double, Double, Double)](repeating: (0, 0, 0), count: k)
      for (cluster, distance) in zip(sample.clusters, sample.distances[scope]) {
        let distance = distance.isNaN ? 0 : Double(distance)
        sums[cluster].0 += 1
        sums[cluster].1 += distance
        sums[cluster].2 += distance * distance
      }
      return sums.map { count, sum, squares in
        let mean = count > 0 ? sum / count : 0
        return (count, mean, count > 1 ? max(0, squares / count - mean * mean) : 0)
      }
    }
    let (old, new) = (moments(reference), moments(window))
    let (n, m) = (Double(reference.count), Double(window.count))
    let surprise = (0..<k).map { cluster -> Double in
      let share = (old[cluster].count + 0.5) / (n + 1)
      let expected = share * m
      let occupancyShift =
        abs(new[cluster].count - expected) / (expected * (1 + m / n) + 1).squareRoot()
      guard old[cluster].count >= 5, new[cluster].count >= 5 else { return occupancyShift }
      let error =
        (old[cluster].variance / old[cluster].count
        + new[cluster].variance / new[cluster].count).squareRoot()
      let shift = error > 0 ? abs(new[cluster].mean - old[cluster].mean) / error : 0
      return max(occupancyShift, shift)
    }
    return surprise.indices.filter { surprise[$0] > 3 }.sorted { surprise[$0] > surprise[$1] }
      .prefix(5).map { $0 }
  }
}
