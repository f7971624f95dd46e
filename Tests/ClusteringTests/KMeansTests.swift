import Clustering
import Core
import TestSupport
import Testing

@Suite struct KMeansTests {
  private static func points(_ rows: [[Double]]) -> Points {
    let layout = BlockLayout(lengths: [rows[0].count, 0, 0], weights: [1, 1, 1])
    var points = Points(layout: layout)
    for row in rows {
      points.append(Embedding(values: row.map { Float($0) }, mask: BlockMask(.image)))
    }
    return points
  }

  @Test func `inertia is as low as scikit-learn's best of thirty`() throws {
    for item in try golden("kmeans", in: .module)["cases"]?.array ?? [] {
      let points = Self.points(item["points"]?.array?.map(\.numbers) ?? [])
      let k = item["k"]?.int ?? 0
      let fit = try #require(KMeans(k: k, restarts: 30, seed: 1).fit(points))
      let best = item["inertia"]?.double ?? 0
      #expect(fit.inertia <= best * 1.005, "\(fit.inertia) against \(best)")
    }
  }

  @Test func `from the same start Lloyd matches scikit-learn`() throws {
    for item in try golden("kmeans", in: .module)["cases"]?.array ?? [] {
      let points = Self.points(item["points"]?.array?.map(\.numbers) ?? [])
      let k = item["k"]?.int ?? 0
      var start = Centroids(
        layout: points.layout, k: k, values: Array(points.values.prefix(k * points.dimensions)),
        weights: [Double](repeating: 0, count: k * Block.allCases.count))
      // No random starts, so that only the given start is iterated.
      var kMeans = KMeans(k: k, restarts: 0, seed: 1)
      kMeans.tolerance = 0
      let fit = try #require(kMeans.fit(points, warmStart: start))
      #expect(fit.labels == item["labels"]?.integers)
      #expect(abs(fit.inertia - (item["lloyd"]?.double ?? 0)) <= 1e-4 * fit.inertia)
      start = fit.centroids
      #expect(start.assign(points).labels == fit.labels)
    }
  }

  @Test func `the same seed gives the same clustering`() throws {
    let points = Mixture(seed: 3, clusters: 6).points(400)
    let first = try #require(KMeans(k: 6, restarts: 2, seed: 9).fit(points))
    let second = try #require(KMeans(k: 6, restarts: 2, seed: 9).fit(points))
    #expect(first.centroids == second.centroids)
    #expect(first.labels == second.labels)
  }

  @Test(arguments: [1, 2, 5, 8])
  func `a fit has k clusters, or as many as points`(_ count: Int) throws {
    let points = Mixture(seed: 4, clusters: 3).points(count)
    let fit = try #require(KMeans(k: 5, restarts: 3, seed: 1).fit(points))
    #expect(fit.centroids.k == min(5, count))
    #expect(Set(fit.labels).count == min(5, count))
  }

  @Test func `identical points give finite centroids`() throws {
    let points = Self.points([[Double]](repeating: [1, 2], count: 20))
    let fit = try #require(KMeans(k: 3, restarts: 2, seed: 1).fit(points))
    #expect(fit.inertia == 0)
    #expect(fit.centroids.values.allSatisfy { $0.isFinite })
  }

  @Test func `a cancelled fit returns nil`() {
    let points = Mixture(seed: 5, clusters: 3).points(50)
    #expect(KMeans(k: 3, restarts: 1, seed: 1).fit(points, cancelled: { true }) == nil)
  }

  @Test func `single and batch assignment agree`() throws {
    let points = Mixture(seed: 6, clusters: 5, missing: 0.3).points(500)
    let fit = try #require(KMeans(k: 5, restarts: 1, seed: 1).fit(points))
    let (labels, distances) = fit.centroids.assign(points)
    for row in 0..<points.count {
      let single = fit.centroids.assign(points[row])
      #expect(single.cluster == labels[row] || single.margin < 1e-4)
      #expect(abs(single.distance - Double(distances[row])) < 1e-2)
      #expect(single.second != single.cluster && single.margin >= 0 && single.margin <= 1)
    }
  }
}
