import Clustering
import Core
import Testing

@Suite struct MiniBatchTests {
  private static func centroids(weight: Double) -> Centroids {
    let mixture = Mixture(seed: 11, clusters: 4)
    return Centroids(
      layout: Mixture.layout, k: 4, values: mixture.centers.flatMap { $0.map { Float($0) } },
      weights: [Double](repeating: weight, count: 4 * Block.allCases.count))
  }

  private static func batch(_ count: Int, missing: Double = 0) -> [Embedding] {
    var mixture = Mixture(seed: 12, clusters: 4, missing: missing)
    return (0..<count).map { _ in mixture.embedding() }
  }

  @Test func `existing centroids survive the first batch`() {
    let before = Self.centroids(weight: 1_000)
    var after = before
    let points = Self.batch(32)
    after.update(points, labels: points.map { before.assign($0).cluster })
    for cluster in 0..<4 {
      let center = Embedding(values: Array(after.row(cluster)), mask: .all)
      #expect(before.squaredDistance(center, to: cluster) < 0.1)
    }
  }

  @Test(arguments: 0..<10)
  func `the order within a batch doesn't matter`(_ seed: UInt64) {
    let before = Self.centroids(weight: 20)
    let points = Self.batch(40, missing: 0.3)
    let labels = points.map { before.assign($0).cluster }
    var forward = before
    forward.update(points, labels: labels)
    var generator = SeededGenerator(seed: seed)
    let order = points.indices.shuffled(using: &generator)
    var shuffled = before
    shuffled.update(order.map { points[$0] }, labels: order.map { labels[$0] })
    #expect(forward.weights == shuffled.weights)
    for (left, right) in zip(forward.values, shuffled.values) { #expect(abs(left - right) < 1e-5) }
  }

  @Test func `a centroid is the mean of all its points`() {
    var centroids = Self.centroids(weight: 0)
    let points = Self.batch(50)
    for point in points { centroids.update([point], labels: [2]) }
    for dimension in 0..<Mixture.layout.dimensions {
      let mean = points.reduce(0.0) { $0 + Double($1.values[dimension]) } / 50
      let at = 2 * Mixture.layout.dimensions + dimension
      #expect(abs(Double(centroids.values[at]) - mean) < 1e-4)
    }
  }

  @Test func `a missing block moves nothing of that block`() {
    let before = Self.centroids(weight: 5)
    var after = before
    var point = Self.batch(1)[0]
    point.mask = [BlockMask(.tags)]
    let changed = after.update([point], labels: [1])
    #expect(changed == [1])
    for block in Block.allCases {
      let range = Mixture.layout.range(of: block).map { $0 + Mixture.layout.dimensions }
      let moved = range.contains { before.values[$0] != after.values[$0] }
      #expect(moved == (block == .tags))
      let slot = Block.allCases.count + block.rawValue
      #expect(after.weights[slot] == (block == .tags ? 6 : 5))
    }
  }

  @Test func `forgetting halves weights at the half-life and stops at the floor`() {
    var centroids = Self.centroids(weight: 1_000)
    centroids.update(
      Self.batch(100), labels: [Int](repeating: 0, count: 100), halfLife: 100, floor: 10)
    #expect(abs(centroids.weights[Block.allCases.count] - 500) < 1e-9)
    for _ in 0..<50 {
      centroids.update(
        Self.batch(100), labels: [Int](repeating: 0, count: 100), halfLife: 100, floor: 10)
    }
    #expect(centroids.weights[Block.allCases.count] == 10)
  }
}
