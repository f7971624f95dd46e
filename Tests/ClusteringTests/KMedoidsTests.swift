import Core
import TestSupport
import Testing

@testable import Clustering

@Suite struct KMedoidsTests {
  private static func points(_ rows: [[Double]]) -> Points {
    var points = Points(layout: BlockLayout(lengths: [rows[0].count, 0, 0], weights: [1, 1, 1]))
    for row in rows {
      points.append(Embedding(values: row.map { Float($0) }, mask: BlockMask(.image)))
    }
    return points
  }

  @Test func `the loss is as low as the peer's best of twenty`() throws {
    for item in try golden("kmedoids", in: .module)["cases"]?.array ?? [] {
      let distances = Self.points(item["points"]?.array?.map(\.numbers) ?? []).pairwiseDistances()
      let k = item["k"]?.int ?? 0
      let fit = try #require(KMedoids(k: k, restarts: 20, seed: 1).fit(distances))
      let best = item["loss"]?.double ?? 0
      #expect(fit.loss <= best * 1.002, "\(fit.loss) against \(best)")
      #expect(Set(fit.medoids).count == k)
      // Its reported loss is correct.
      let loss = fit.labels.enumerated().reduce(0.0) {
        $0 + Double(distances[$1.offset, fit.medoids[$1.element]])
      }
      #expect(abs(loss - fit.loss) <= 1e-9 * loss)
      for point in 0..<distances.rows {
        let nearest = fit.medoids.map { distances[$0, point] }.min()
        #expect(distances[fit.medoids[fit.labels[point]], point] == nearest)
      }
    }
  }

  @Test func `more clusters than points and identical points are handled`() throws {
    let few = Self.points([[0, 0], [1, 1], [5, 5]]).pairwiseDistances()
    let fit = try #require(KMedoids(k: 10, restarts: 2, seed: 1).fit(few))
    #expect(fit.loss == 0 && Set(fit.labels).count == 3)
    let same = Self.points([[Double]](repeating: [2, 2], count: 9)).pairwiseDistances()
    let flat = try #require(KMedoids(k: 3, restarts: 2, seed: 1).fit(same))
    #expect(flat.loss == 0 && flat.swaps == 0)
  }

  @Test func `the same seed gives the same medoids`() {
    let distances = Mixture(seed: 2, clusters: 8, missing: 0.2).points(300).pairwiseDistances()
    let fit = KMedoids(k: 8, restarts: 3, seed: 9)
    #expect(fit.fit(distances) == fit.fit(distances))
    #expect(fit.fit(distances) { true } == nil)
  }

  @Test func `distances skip blocks that either point lacks`() {
    var points = Points(layout: BlockLayout(lengths: [1, 1, 1], weights: [1, 1, 1]))
    points.append(Embedding(values: [1, 2, 2], mask: .all))
    points.append(Embedding(values: [0, 2, 0], mask: [.all.subtracting(BlockMask(.text))]))
    points.append(Embedding(values: [0, 0, 5], mask: BlockMask(.text)))
    let distances = points.pairwiseDistances()
    #expect(abs(distances[0, 1] - (Float(1) * 3 / 2).squareRoot()) < 1e-6)
    #expect(abs(distances[0, 2] - (Float(9) * 3).squareRoot()) < 1e-6)
    #expect(distances[1, 2] == distances[0, 2], "nothing in common: as far as the farthest")
    #expect(distances[1, 1] == 0 && distances[2, 0] == distances[0, 2])
  }

  @Test(arguments: Metric.allCases)
  func `distances of every metric equal scikit-learn's`(_ metric: Metric) throws {
    let peer = try golden("pairs", in: .module)
    let points = Self.points(peer["points"]?.array?.map(\.numbers) ?? [])
    let distances = points.pairwiseDistances(metric)
    for (row, expected) in (peer[metric.rawValue]?.array ?? []).enumerated() {
      for (column, value) in expected.numbers.enumerated() {
        #expect(abs(Double(distances[row, column]) - value) < 1e-5)
      }
    }
  }

  @Test(arguments: Metric.allCases)
  func `many points are clustered by samples, about as well`(_ metric: Metric) throws {
    let points = Mixture(seed: 12, clusters: 6, missing: 0.1).points(KMedoids.mostPoints + 1_000)
    let fit = try #require(KMedoids(k: 6, restarts: 1, seed: 1).fit(points, metric: metric))
    #expect(fit.labels.count == points.count && Set(fit.medoids).count == 6)
    // Compared with medoids fitted on all distances of the first points.
    let few = points.subset(0..<2_000)
    let whole = try #require(KMedoids(k: 6, restarts: 3, seed: 1).fit(few, metric: metric))
    let (_, loss) = points.nearest(of: whole.medoids, metric)
    #expect(fit.loss <= loss * 1.05)
  }
}
