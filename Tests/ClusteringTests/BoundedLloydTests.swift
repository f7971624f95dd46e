import Core
import Testing

@testable import Clustering

/// Bounds must never change the result.
@Suite struct BoundedLloydTests {
  private static func start(_ points: Points, _ k: Int) -> Centroids {
    Centroids(
      layout: points.layout, k: k, values: (0..<k).flatMap { points[$0].values },
      weights: [Double](repeating: 0, count: k * Block.allCases.count))
  }

  /// Textbook Lloyd: every point against every centroid, in float64.
  private static func textbook(_ points: Points, _ start: Centroids, iterations: Int) -> Centroids {
    var centroids = start
    let dimensions = points.dimensions
    for _ in 0..<iterations {
      var sums = [Double](repeating: 0, count: centroids.values.count)
      var weights = [Double](repeating: 0, count: centroids.weights.count)
      for row in 0..<points.count {
        let point = points[row]
        let label = centroids.assign(point).cluster
        for block in Block.allCases where point.mask.contains(block) {
          weights[label * Block.allCases.count + block.rawValue] += 1
          for dimension in points.layout.range(of: block) {
            sums[label * dimensions + dimension] += Double(point.values[dimension])
          }
        }
      }
      for index in sums.indices {
        let block = Block.allCases.first {
          points.layout.range(of: $0).contains(index % dimensions)
        }
        let weight = weights[index / dimensions * Block.allCases.count + (block?.rawValue ?? 0)]
        if weight > 0 { centroids.values[index] = Float(sums[index] / weight) }
      }
      centroids.weights = weights
    }
    return centroids
  }

  @Test(arguments: [(3, 0.0), (12, 0.0), (12, 0.3), (40, 0.2)])
  func `every step matches textbook Lloyd`(_ k: Int, _ missing: Double) {
    // Overlapping: half as many real clusters as requested.
    let points = Mixture(seed: 21, clusters: max(2, k / 2), missing: missing).points(9_000)
    let start = Self.start(points, k)
    for iterations in [1, 2, 5, 20] {
      let lloyd = BoundedLloyd(points, from: start)
      #expect(lloyd.run(maximumIterations: iterations, tolerance: 0, cancelled: { false }))
      let expected = Self.textbook(points, start, iterations: lloyd.iterations)
      for (ours, theirs) in zip(lloyd.centroids.values, expected.values) {
        // A point between two centroids may go the other way in float32, one of about 700.
        #expect(abs(ours - theirs) < 2e-2)
      }
      let result = lloyd.result()
      let alone = (0..<points.count).map { result.centroids.assign(points[$0]).cluster }
      #expect(result.labels == alone)
      let inertia = (0..<points.count).reduce(0.0) {
        $0 + result.centroids.squaredDistance(points[$1], to: alone[$1])
      }
      #expect(abs(result.inertia - inertia) < 1e-9 * inertia)
    }
  }

  @Test func `a sampled fit converges like a fit on all points`() throws {
    let points = Mixture(seed: 7, clusters: 24, missing: 0.1).points(60_000)
    let sampled = try #require(KMeans(k: 16, restarts: 3, seed: 1).fit(points))
    var stages: [String] = []
    let again = try #require(
      KMeans(k: 16, restarts: 3, seed: 1).fit(points, progress: { stages.append($0) }))
    #expect(again.centroids == sampled.centroids && again.labels == sampled.labels)
    #expect(stages.contains { $0.contains("10000 points") })
    #expect(stages.last?.contains("60000 points") == true)
    // Lloyd on all points would end there, too.
    let onwards = BoundedLloyd(points, from: sampled.centroids)
    #expect(onwards.run(maximumIterations: 300, tolerance: 0, cancelled: { false }))
    let lowest = onwards.result().inertia
    #expect(sampled.inertia <= lowest * 1.001)
  }
}
