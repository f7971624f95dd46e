import Core
import Testing

@testable import Clustering

@Suite struct LeadingComponentsTests {
  /// Two blocks that show the same plane, each with its own noise.
  private static func points(_ count: Int, without block: Block? = nil) -> Points {
    var generator = SeededGenerator(seed: 7)
    let layout = BlockLayout(lengths: [5, 0, 4], weights: [1, 0, 1])
    var points = Points(layout: layout)
    for number in 0..<count {
      let (x, y) = (generator.gaussian(), generator.gaussian())
      var values = [3 * x, 2 * y, x, 0, y, 2 * x, 3 * y, x, 0].map {
        Float($0 + 0.1 * generator.gaussian() + 1)
      }
      var mask: BlockMask = [BlockMask(.image), BlockMask(.text)]
      if let block, number % 2 == 0 {
        mask.remove(BlockMask(block))
        for dimension in layout.range(of: block) { values[dimension] = 0 }
      }
      points.append(Embedding(values: values, mask: mask))
    }
    return points
  }

  @Test func `distances along the components equal those between the points`() throws {
    let points = Self.points(300)
    let projected = try #require(LeadingComponents(points, count: 2)).project(points)
    #expect(projected.dimensions == 2 && projected.count == 300)
    for row in 1..<300 {
      func distance(_ points: Points) -> Double {
        zip(points[row].values, points[0].values).reduce(0.0) {
          $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1))
        }.squareRoot()
      }
      #expect(abs(distance(projected) - distance(points)) < 0.8)
    }
  }

  @Test func `a point in the plane is recovered from its coordinates`() throws {
    let points = Self.points(300)
    let space = try #require(LeadingComponents(points, count: 2))
    let projected = space.project(points)
    let lifted = space.lift(
      Centroids(
        layout: projected.layout, k: points.count, values: projected.values,
        weights: [Double](repeating: 1, count: points.count * Block.allCases.count)))
    for (value, back) in zip(points.values, lifted) { #expect(abs(value - back) < 0.6) }
  }

  @Test(arguments: [Block.image, .text])
  func `a point without a block lands where its other block predicts`(_ block: Block)
    throws
  {
    let (whole, halved) = (Self.points(400), Self.points(400, without: block))
    let space = try #require(LeadingComponents(halved, count: 2))
    let (here, there) = (space.project(whole), space.project(halved))
    for (one, other) in zip(here.values, there.values) { #expect(abs(one - other) < 0.9) }
  }

  @Test func `there are no components beyond what the points span`() {
    #expect(LeadingComponents(Self.points(300), count: 9) == nil)
    #expect(LeadingComponents(Self.points(2), count: 2) == nil)
    var equal = Points(layout: BlockLayout(lengths: [3, 0, 0], weights: [1, 0, 0]))
    for _ in 0..<9 { equal.append([1, 2, 3], mask: BlockMask(.image)) }
    #expect(LeadingComponents(equal, count: 1) == nil)
  }

  @Test(arguments: [0, 2])
  func `k-means finds the same groups along components as in all coordinates`(_ components: Int)
    throws
  {
    let points = Mixture(seed: 11, clusters: 3).points(600)
    let all = try #require(KMeans(k: 3, restarts: 4, seed: 1).fit(points))
    let kMeans = KMeans(k: 3, restarts: 4, seed: 1, components: components)
    let fit = try #require(kMeans.fit(points))
    #expect(Agreement(truth: all.labels, clusters: fit.labels).adjustedRandIndex > 0.99)
    // Labels, distances and inertia match a plain assignment to the centroids.
    let again = fit.centroids.assign(points)
    #expect(again.labels == fit.labels)
    for (one, other) in zip(again.distances, fit.distances) { #expect(abs(one - other) < 1e-3) }
    let squares = fit.distances.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs(squares - fit.inertia) < 1e-3 * fit.inertia)
    #expect((0..<3).map { fit.centroids.weights(of: $0)[0] }.reduce(0, +) == 600)
  }

  @Test func `with missing blocks, weights count the members that have each block`() throws {
    let points = Mixture(seed: 12, clusters: 4, missing: 0.3).points(500)
    let fit = try #require(KMeans(k: 4, restarts: 4, seed: 1, components: 3).fit(points))
    for block in Block.allCases {
      let members = points.masks.filter { $0.contains(block) }.count
      let counted = (0..<4).map { fit.centroids.weights(of: $0)[block.rawValue] }.reduce(0, +)
      #expect(counted == Double(members))
    }
  }
}
