import Clustering
import Core
import Foundation
import Testing

@Suite struct DriftMetricsTests {
  @Test func `the index of equal shares is nearly zero`() {
    let psi = DriftMetrics.populationStabilityIndex(
      reference: [1_000, 2_000, 3_000], window: [500, 1_000, 1_500])
    #expect(psi < 1e-5)
  }

  @Test func `the index follows its formula`() {
    let psi = DriftMetrics.populationStabilityIndex(reference: [99, 0], window: [0, 99])
    let (p, q) = (99.5 / 100, 0.5 / 100)
    #expect(abs(psi - 2 * (p - q) * log(p / q)) < 1e-12)
  }

  @Test func `without drift the mean index matches its expectation`() {
    var generator = SeededGenerator(seed: 21)
    func sample(_ count: Int) -> [Int] {
      var counts = [Int](repeating: 0, count: 20)
      for _ in 0..<count { counts[Int(generator.next() % 20)] += 1 }
      return counts
    }
    let runs = (0..<200).map { _ -> (Double, Double) in
      let (reference, window) = (sample(3_000), sample(1_000))
      return (
        DriftMetrics.populationStabilityIndex(reference: reference, window: window),
        DriftMetrics.expectedStabilityIndex(reference: reference, window: window)
      )
    }
    let mean = runs.reduce(0) { $0 + $1.0 } / 200
    let expected = runs[0].1
    #expect(abs(mean / expected - 1) < 0.15)
  }

  @Test func `a centroid that moved by its radius has displacement one`() {
    let layout = BlockLayout(lengths: [2, 0, 0], weights: [1, 1, 1])
    func centroids(_ values: [Float]) -> Centroids {
      Centroids(layout: layout, k: 2, values: values, weights: [Double](repeating: 1, count: 6))
    }
    let lineage = Lineage(old: [0, 0, 1, 1], new: [0, 0, 1, 1], distances: [[0, 9], [9, 0]])
    let moved = DriftMetrics.displacement(
      centroids([0, 0, 10, 0]), centroids([0, 2, 10, 0]), lineage: lineage, radii: [2, 2])
    #expect(moved == [1, 0])
    #expect(DriftMetrics.churn(old: [0, 0, 1, 1], new: [0, 1, 1, 1], lineage: lineage) == 0.25)
  }

  @Test func `radii are root mean squares`() {
    #expect(
      DriftMetrics.radii(labels: [0, 0, 2], distances: [3, 4, 1], k: 3) == [
        Double(12.5).squareRoot(), 0, 1,
      ])
  }
}
