import Core
import TestSupport
import Testing

@testable import Clustering

/// Fewer distinct points than requested clusters.
@Suite struct DistinctPointsTests {
  /// Copies of each of a mixture's first `distinct` points.
  private func points(_ distinct: Int, copies: Int, missing: Double) -> Points {
    var mixture = Mixture(seed: 3, clusters: 4, missing: missing)
    let originals = (0..<distinct).map { _ in mixture.embedding() }
    var points = Points(layout: Mixture.layout)
    for _ in 0..<copies { for point in originals { points.append(point) } }
    return points
  }

  @Test(arguments: [(1, 1), (1, 40), (2, 9), (5, 3), (7, 2_000)], [0, 0.5])
  func `no cluster is empty, and all survive the next fit`(
    _ count: (distinct: Int, copies: Int), _ missing: Double
  ) throws {
    let points = points(count.distinct, copies: count.copies, missing: missing)
    let first = try #require(KMeans(k: 8, restarts: 3, seed: 1).fit(points))
    #expect(first.centroids.k <= count.distinct)
    #expect(Set(first.labels) == Set(0..<first.centroids.k))
    if missing == 0 {
      #expect(first.centroids.k == count.distinct)
      #expect(first.inertia < 1e-6)
    }
    let second = try #require(
      KMeans(k: 8, restarts: 3, seed: 2).fit(points, warmStart: first.centroids))
    let lineage = Lineage(
      old: first.labels, new: second.labels,
      distances: first.centroids.distances(second.centroids))
    #expect(lineage.endings.allSatisfy { $0.fate == .survived })
    #expect(lineage.identity.allSatisfy { $0 != nil })
  }

  @Test func `medoids are distinct`() throws {
    let points = points(3, copies: 10, missing: 0)
    let fit = try #require(KMedoids(k: 8, restarts: 2, seed: 1).fit(points))
    #expect(fit.medoids.count == 3)
    #expect(Set(fit.labels) == [0, 1, 2])
  }
}

extension Centroids {
  fileprivate func distances(_ other: Centroids) -> [[Double]] {
    (0..<k).map { index in
      (0..<other.k).map {
        squaredDistance(Embedding(values: Array(other.row($0)), mask: .all), to: index)
          .squareRoot()
      }
    }
  }
}
