import Core
import Testing

@testable import Clustering

@Suite struct ClusterCountTests {
  @Test(arguments: [4, 9])
  func `the number of well separated groups is found, with its curve`(_ groups: Int) throws {
    let points = Mixture(seed: 40 + UInt64(groups), clusters: groups).points(3_000)
    let count = try #require(
      ClusterCount(points, in: 2...20, by: KMeans(k: 2, restarts: 4, seed: 1)))
    #expect(abs(count.best - groups) <= 1)
    #expect(count.curve.map(\.k) == count.curve.map(\.k).sorted())
    #expect(count.curve.first?.k == 2 && count.curve.last?.k == 20)
    let best = count.curve.max { $0.silhouette < $1.silhouette }
    #expect(best?.k == count.best)
  }

  @Test func `the present number is kept unless another is clearly better`() throws {
    let points = Mixture(seed: 41, clusters: 9).points(2_000)
    let free = try #require(
      ClusterCount(points, in: 2...20, by: KMeans(k: 2, restarts: 4, seed: 1)))
    let near = try #require(
      ClusterCount(points, in: 2...20, present: free.best, by: KMeans(k: 2, restarts: 4, seed: 1)))
    #expect(near.best == free.best)
    let far = try #require(
      ClusterCount(points, in: 2...20, present: 2, by: KMeans(k: 2, restarts: 4, seed: 1)))
    #expect(far.best != 2)
  }

  @Test func `few points limit the range, and a cancelled choice is nil`() throws {
    let points = Mixture(seed: 42, clusters: 3).points(15)
    let count = try #require(
      ClusterCount(points, in: 20...100, by: KMeans(k: 2, restarts: 1, seed: 1)))
    #expect(count.best <= 5)
    #expect(
      ClusterCount(points, in: 2...5, by: KMeans(k: 2, restarts: 1, seed: 1), cancelled: { true })
        == nil)
  }
}
