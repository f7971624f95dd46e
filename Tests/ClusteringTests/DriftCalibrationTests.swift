import Core
import Testing

@testable import Clustering

@Suite struct DriftCalibrationTests {
  @Test(arguments: [
    (5_000, 1_000, 200), (1_000, 1_000, 88), (100, 100, 8), (60, 60, 5), (10, 5, 1),
  ])
  func `runs are a fifth of a window, or as short as enough ways to divide them need`(
    _ reference: Int, _ window: Int, _ longest: Int
  ) {
    let run = DriftCalibration.run(reference: reference, window: window)
    #expect(run >= 1 && run <= longest, "\(run)")
  }

  /// What is rare, or beyond all of a small reference, is no drift by itself.
  @Test func `a small reference raises no rare value`() throws {
    var raised = 0
    for seed in 0..<20 {
      var mixture = Mixture(seed: 50, clusters: 6, missing: 0.01)
      mixture.generator = SeededGenerator(seed: UInt64(seed) &+ 900)
      let fit = try #require(
        KMeans(k: 6, restarts: 1, seed: 1).fit(Mixture(seed: 50, clusters: 6).points(300)))
      func points(_ count: Int) -> Points {
        var points = Points(layout: Mixture.layout)
        for _ in 0..<count { points.append(mixture.embedding()) }
        return points
      }
      let reference = DriftSample(
        reference: points(60), centroids: fit.centroids,
        radii: DriftMetrics.radii(labels: fit.labels, distances: fit.distances, k: 6),
        areMembers: false, seed: 1)
      let window = DriftSample(window: points(60), centroids: fit.centroids, like: reference)
      let calibration = try #require(
        DriftCalibration(
          reference, window, k: 6, run: DriftCalibration.run(reference: 60, window: 60),
          seed: UInt64(seed)))
      let report = DriftReport(
        reference: reference, window: window, k: 6, calibration: calibration)
      raised += report.isRaised ? 1 : 0
    }
    // At 1 % each, more than 3 of 20 occur once in 20,000 runs.
    #expect(raised <= 3)
  }
}
