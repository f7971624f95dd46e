import Clustering
import Core
import Testing

@Suite struct NeighbourLayoutTests {
  /// `blobs` groups of `size` points in ten dimensions, far apart, in turn.
  private static func blobs(_ blobs: Int, of size: Int) -> Matrix<Float> {
    var generator = SeededGenerator(seed: 7)
    let centers = (0..<blobs).map { _ in (0..<10).map { _ in Float(20 * generator.gaussian()) } }
    let values = (0..<blobs * size).flatMap { row in
      centers[row % blobs].map { $0 + Float(generator.gaussian()) }
    }
    return Matrix(rows: blobs * size, columns: 10, values: values)
  }

  private static func start(_ points: Matrix<Float>) -> [SIMD2<Float>] {
    (0..<points.rows).map { SIMD2(points[$0, 0], points[$0, 1]) }
  }

  private static func distance(_ a: SIMD2<Float>, _ b: SIMD2<Float>) -> Float {
    ((a - b) * (a - b)).sum().squareRoot()
  }

  @Test func `known groups are apart in the layout, and the same seed gives the same layout`() {
    let points = Self.blobs(6, of: 60)
    let layout = neighbourLayout(points, iterations: 300, initial: Self.start(points), seed: 1)
    let again = neighbourLayout(points, iterations: 300, initial: Self.start(points), seed: 1)
    let other = neighbourLayout(points, iterations: 300, initial: Self.start(points), seed: 2)
    #expect(layout == again && layout != other)
    for row in layout.indices {
      let nearest = layout.indices.filter { $0 != row }
        .min { Self.distance(layout[row], layout[$0]) < Self.distance(layout[row], layout[$1]) }
      #expect(nearest.map { $0 % 6 } == row % 6)
    }
  }

  @Test func `further points get places among their neighbours`() {
    let points = Self.blobs(4, of: 30)
    let layout = neighbourLayout(points, iterations: 200, initial: Self.start(points), seed: 1)
    let others = Self.blobs(4, of: 5)
    let placed = places(of: others, among: points, layout: layout)
    for row in placed.indices {
      let nearest = layout.indices.min {
        Self.distance(placed[row], layout[$0]) < Self.distance(placed[row], layout[$1])
      }
      #expect(nearest.map { $0 % 4 } == row % 4)
    }
    #expect(places(of: Matrix(rows: 0, columns: 10), among: points, layout: layout).isEmpty)
  }

  @Test(arguments: [0, 1, 2, 3, 4, 50, 200])
  func `any number of equal points has places that are finite and not all the same`(_ count: Int) {
    let points = Matrix<Float>(
      rows: count, columns: 3, values: [Float](repeating: 1.5, count: 3 * count))
    let layout = neighbourLayout(
      points, iterations: 60, initial: [SIMD2](repeating: .zero, count: count), seed: 3)
    #expect(layout.count == count)
    #expect(layout.allSatisfy { $0.x.isFinite && $0.y.isFinite })
    #expect(count < 2 || Set(layout.map { "\($0)" }).count > 1)
  }

  @Test(arguments: [0.1, 1, 5, 1_000])
  func `any perplexity works`(_ perplexity: Double) {
    let points = Self.blobs(3, of: 20)
    let layout = neighbourLayout(
      points, perplexity: perplexity, iterations: 50, initial: Self.start(points), seed: 3)
    #expect(layout.allSatisfy { $0.x.isFinite && $0.y.isFinite })
  }
}
