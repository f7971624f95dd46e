import Core

/// k-medoids by FasterPAM (Schubert and Rousseeuw 2021, "Fast and eager k-medoids clustering"): every
/// improving swap is made immediately, and each candidate is compared with all medoids in one pass.
package struct KMedoids: Sendable {
  /// At least 2.
  package var k: Int
  /// Random starts; the best is kept.
  package var restarts: Int
  package var seed: UInt64
  /// Maximum passes over all candidates per start.
  package var maximumPasses = 100

  package init(k: Int, restarts: Int, seed: UInt64) {
    precondition(k >= 2)
    self.k = k
    self.restarts = restarts
    self.seed = seed
  }

  package struct Result: Sendable, Equatable {
    /// Rows of the medoids, by cluster.
    package var medoids: [Int]
    package var labels: [Int]
    /// Sum of the distances of all points to their medoids.
    package var loss: Double
    package var swaps: Int

    /// A medoid that equals another one has no members.
    fileprivate var withoutEmptyClusters: Result {
      let used = Set(labels)
      let kept = medoids.indices.filter(used.contains)
      let places = Dictionary(uniqueKeysWithValues: zip(kept, 0...))
      return Result(
        medoids: kept.map { medoids[$0] }, labels: labels.compactMap { places[$0] }, loss: loss,
        swaps: swaps)
    }
  }

  /// - Parameters:
  ///   - distances: n × n, symmetric, zero on the diagonal.
  ///   - cancelled: checked before each pass.
  /// - Returns: `nil` when cancelled. Fewer distinct points than `k` give fewer clusters; none is empty.
  package func fit(_ distances: Matrix<Float>, cancelled: () -> Bool = { false }) -> Result? {
    precondition(distances.rows == distances.columns && distances.rows > 0)
    var best: Result?
    for start in 0..<restarts {
      var generator = SeededGenerator(seed: seed &+ UInt64(start))
      let rows = Array(0..<distances.rows).shuffled(using: &generator)
      var swapping = MedoidSwapping(distances, medoids: Array(rows.prefix(k)))
      guard swapping.run(maximumPasses: maximumPasses, cancelled) else { return nil }
      if swapping.loss < best?.loss ?? .infinity {
        best =
          Result(
            medoids: swapping.medoids, labels: swapping.nearest.map(Int.init), loss: swapping.loss,
            swaps: swapping.swaps
          ).withoutEmptyClusters
      }
    }
    return best
  }
}

extension KMedoids {
  /// Maximum points before medoids are chosen from samples (CLARA, Kaufman and Rousseeuw 1990).
  package static let mostPoints = 20_000
  private static let sampleSize = 5_000
  private static let samples = 5

  /// FasterPAM on all distances or, beyond `mostPoints` points, on samples, each judged by the loss of all points.
  ///
  /// - Returns: as above; medoids are rows of `points`.
  package func fit(
    _ points: Points, metric: Metric = .euclidean, cancelled: () -> Bool = { false }
  ) -> Result? {
    guard points.count > Self.mostPoints else {
      return fit(points.pairwiseDistances(metric), cancelled: cancelled)
    }
    var generator = SeededGenerator(seed: seed)
    var best: Result?
    for _ in 0..<Self.samples {
      let rows = Array((0..<points.count).shuffled(using: &generator).prefix(Self.sampleSize))
      let sample = points.subset(rows)
      guard let fit = fit(sample.pairwiseDistances(metric), cancelled: cancelled) else {
        return nil
      }
      let medoids = fit.medoids.map { rows[$0] }
      let (labels, loss) = points.nearest(of: medoids, metric)
      if loss < best?.loss ?? .infinity {
        best =
          Result(medoids: medoids, labels: labels, loss: loss, swaps: fit.swaps)
          .withoutEmptyClusters
      }
    }
    return best
  }
}
