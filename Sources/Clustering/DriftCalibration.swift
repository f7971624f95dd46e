import Core
import Foundation

/// Distribution of each test's statistic without drift: from pairs of a pseudo-reference and a pseudo-window of the
/// real sizes, drawn with replacement from the reference in runs of neighbouring arrivals (moving-block bootstrap,
/// Künsch 1989), which preserves nights, weekends and batches.
package struct DriftCalibration: Sendable {
  /// By test, ascending.
  let null: [[Double]]
  private let means: [Double]
  private let deviations: [Double]

  package static let draws = 4_000

  /// Number of neighbours drawn together for a window size: enough to keep days and batches together, few enough for
  /// several runs per window.
  package static func run(window: Int) -> Int { max(1, window / 5) }

  /// - Parameters:
  ///   - window: units per window to be judged.
  ///   - run: number of neighbours drawn together.
  ///   - cancelled: checked before each draw.
  /// - Returns: `nil` when cancelled.
  package init?(
    _ reference: DriftSample, k: Int, window: Int, run: Int, seed: UInt64,
    draws: Int = DriftCalibration.draws, cancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    let pool = DriftPool([reference], k: k, reference: reference.count)
    let tests = DriftTest.all.count
    let results = SharedArray<Double>(repeating: 0, count: draws * tests)
    let count = reference.count
    inParallel(draws) { draw in
      guard !cancelled() else { return }
      var generator = SeededGenerator(seed: seed &+ UInt64(draw) &* 0x9e37_79b9)
      let statistics = pool.statistics(
        reference: Self.rows(count, of: count, run: run, &generator),
        window: Self.rows(window, of: count, run: run, &generator))
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

  private static func rows(
    _ wanted: Int, of count: Int, run: Int, _ generator: inout SeededGenerator
  ) -> [Int] {
    var rows: [Int] = []
    rows.reserveCapacity(wanted + run)
    while rows.count < wanted {
      let start = Int(generator.next() % UInt64(count))
      // Wraps around, so that every unit is drawn equally often.
      for step in 0..<min(run, wanted - rows.count) { rows.append((start + step) % count) }
    }
    return rows
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
