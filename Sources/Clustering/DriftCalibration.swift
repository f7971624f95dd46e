import Core
import Foundation

/// Distribution of each test's statistic without drift: reference and window are pooled and divided again at random, in
/// runs of neighbouring arrivals, which keeps nights, weekends and batches together. A permutation test holds its level
/// for rare values, heavy tails and small references, for which resampling the reference alone is too sure of itself.
package struct DriftCalibration: Sendable {
  /// By test, ascending.
  let null: [[Double]]
  private let means: [Double]
  private let deviations: [Double]

  package static let draws = 4_000

  /// Number of neighbours that stay together: a fifth of a window, or fewer where a small reference leaves too few ways
  /// to divide the runs.
  package static func run(reference: Int, window: Int) -> Int {
    let wanted = log(20 * Double(draws))
    var run = max(1, window / 5)
    while run > 1 {
      let parts = (all: (reference + window) / run, window: max(1, window / run))
      let ways =
        lgamma(Double(parts.all + 1)) - lgamma(Double(parts.window + 1))
        - lgamma(Double(parts.all - parts.window + 1))
      if ways >= wanted { break }
      run = run * 2 / 3
    }
    return run
  }

  /// - Parameters:
  ///   - run: number of neighbours that stay together.
  ///   - cancelled: checked before each draw.
  /// - Returns: `nil` when cancelled.
  package init?(
    _ reference: DriftSample, _ window: DriftSample, k: Int, run: Int, seed: UInt64,
    draws: Int = DriftCalibration.draws, cancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    let pool = DriftPool([reference, window], k: k)
    let tests = DriftTest.all.count
    let results = SharedArray<Double>(repeating: 0, count: draws * tests)
    let (count, size) = (reference.count + window.count, window.count)
    inParallel(draws) { draw in
      guard !cancelled() else { return }
      var generator = SeededGenerator(seed: seed &+ UInt64(draw) &* 0x9e37_79b9)
      let (left, taken) = Self.divided(count, taking: size, run: run, &generator)
      let statistics = pool.statistics(reference: left, window: taken)
      for test in 0..<tests { results[draw * tests + test] = statistics[test] }
    }
    guard !cancelled() else { return nil }
    let values = results.array
    null = (0..<tests).map { test in (0..<draws).map { values[$0 * tests + test] }.sorted() }
    means = null.map { $0.reduce(0, +) / Double(draws) }
    deviations = zip(null, means).map { values, mean in
      (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws)).squareRoot()
    }
  }

  /// Takes runs of 0..<count at random, beginning at a random offset, until `size` rows are taken.
  private static func divided(
    _ count: Int, taking size: Int, run: Int, _ generator: inout SeededGenerator
  ) -> (left: [Int], taken: [Int]) {
    let offset = Int(generator.next() % UInt64(run))
    let runs = (0...(count - 1 + offset) / run).shuffled(using: &generator)
    var (left, taken): ([Int], [Int]) = ([], [])
    left.reserveCapacity(count - size)
    taken.reserveCapacity(size)
    for part in runs {
      let rows = max(0, part * run - offset)..<min(count, (part + 1) * run - offset)
      for row in rows {
        if taken.count < size { taken.append(row) } else { left.append(row) }
      }
    }
    return (left, taken)
  }

  /// Probability of a statistic at least this large without drift.
  func p(_ value: Double, test: Int) -> Double {
    let sorted = null[test]
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return Double(1 + sorted.count - low) / Double(1 + sorted.count)
  }

  /// The value that 1 % of windows without drift exceed.
  func limit(test: Int) -> Double {
    null[test][min(null[test].count - 1, null[test].count * 99 / 100)]
  }

  /// Standard deviations above the mean without drift.
  func excess(_ value: Double, test: Int) -> Double {
    deviations[test] > 0 ? (value - means[test]) / deviations[test] : value > means[test] ? 1e3 : 0
  }
}

/// Which of many p-values are significant at a false discovery rate (Benjamini and Hochberg 1995).
package func benjaminiHochberg(_ values: [Double], rate: Double) -> [Bool] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  let last = order.indices.last {
    values[order[$0]] <= rate * Double($0 + 1) / Double(values.count)
  }
  var believed = [Bool](repeating: false, count: values.count)
  if let last { for place in 0...last { believed[order[place]] = true } }
  return believed
}
