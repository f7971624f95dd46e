import Clustering
import Core
import Testing

/// The nearest points by bounds are those by brute force in float64.
@Suite struct NearestPointsTests {
  /// Random points with missing blocks; every third repeats an earlier one, so that distances tie.
  private static func points(_ count: Int, scale: Float = 1, seed: UInt64 = 1) -> Points {
    var mixture = Mixture(seed: seed, clusters: 7, missing: 0.3)
    var points = Points(layout: Mixture.layout)
    for index in 0..<count {
      var point = index % 3 == 2 ? points[index / 2] : mixture.embedding()
      if index % 3 != 2 { for column in point.values.indices { point.values[column] *= scale } }
      points.append(point)
    }
    return points
  }

  private static func bruteForce(
    _ points: Points, near query: Embedding, _ count: Int, _ blocks: BlockMask, skipping: Int?
  ) -> [NearRow] {
    let distances = (0..<points.count).filter { $0 != skipping }.compactMap { row in
      points.layout.squaredDistance(query, points[row], blocks: blocks).map { (row, $0) }
    }
    return distances.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(count)
      .map { NearRow(row: $0.0, distance: $0.1.squareRoot()) }
  }

  @Test(
    arguments: [1, 5, 60, 1_000], [BlockMask.all, BlockMask(.image), BlockMask(.text)])
  func `the nearest rows are those of brute force, ties by row`(_ count: Int, _ blocks: BlockMask) {
    let points = Self.points(700)
    let found = points.nearestRows(count: count, blocks: blocks)
    for row in stride(from: 0, to: points.count, by: 7) {
      #expect(
        found[row]
          == Self.bruteForce(points, near: points[row], count, blocks, skipping: row))
    }
  }

  @Test(arguments: [1e-30, 1e-3, 1, 1e12] as [Float])
  func `vectors of any size are compared exactly`(_ scale: Float) {
    let points = Self.points(300, scale: scale)
    let found = points.nearestRows(count: 9)
    for row in 0..<points.count {
      #expect(found[row] == Self.bruteForce(points, near: points[row], 9, .all, skipping: row))
    }
  }

  @Test(arguments: [1, 20, 500])
  func `candidates hold the nearest rows, and few others`(_ count: Int) {
    let points = Self.points(10_000, seed: 3)
    let quantized = QuantizedPoints(points)
    for row in [0, 2, 9_999] {
      let candidates = quantized.candidates(near: points[row], count: count, skipping: row)
      let nearest = Self.bruteForce(points, near: points[row], count, .all, skipping: row)
      #expect(Set(candidates).isSuperset(of: nearest.map(\.row)))
      #expect(!candidates.contains(row) && candidates.count < 4 * count + 100)
    }
  }

  @Test func `a replaced row is found in its new place`() {
    let points = Self.points(100)
    var quantized = QuantizedPoints(points)
    let query = Embedding(values: [Float](repeating: 50, count: 13), mask: .all)
    query.values.withUnsafeBufferPointer { quantized.replace(17, by: $0, mask: .all) }
    #expect(quantized.candidates(near: query, count: 1) == [17])
    query.values.withUnsafeBufferPointer { quantized.append($0, mask: BlockMask(.tags)) }
    #expect(quantized.candidates(near: query, count: 2, blocks: BlockMask(.tags)) == [17, 100])
    #expect(!quantized.candidates(near: query, count: 200, blocks: BlockMask(.text)).contains(100))
  }

  @Test func `what is no number is near nothing`() {
    var points = Self.points(20)
    points.append([Float](repeating: .nan, count: 13), mask: .all)
    points.append([Float](repeating: .infinity, count: 13), mask: .all)
    let found = points.nearestRows(count: 50)
    #expect(found[20].isEmpty && found[21].isEmpty)
    #expect(found[0].allSatisfy { $0.row < 20 })
  }

  @Test func `without points or without a common block nothing is near`() {
    #expect(Points(layout: Mixture.layout).nearestRows(count: 3).isEmpty)
    let zero = [Float](repeating: 0, count: 13)
    var points = Points(layout: Mixture.layout)
    points.append(zero, mask: BlockMask(.image))
    points.append(zero, mask: BlockMask(.text))
    #expect(points.nearestRows(count: 3) == [[], []])
    #expect(points.nearestRows(count: 0) == [[], []])
    points.append(zero, mask: .all)
    #expect(points.nearestRows(count: 3)[2].map(\.row) == [0, 1])
  }

  @Test func `the distance of two vectors is that over their common blocks, scaled`() {
    let layout = BlockLayout(lengths: [1, 1, 1], weights: [1, 1, 2])
    let both = Embedding(values: [1, 0, 3], mask: [BlockMask(.image), BlockMask(.text)])
    let all = Embedding(values: [2, 9, 5], mask: .all)
    #expect(layout.squaredDistance(both, all) == 5 * Double(Float(4.0 / 3)))
    #expect(layout.squaredDistance(both, all, blocks: BlockMask(.image)) == 4)
    #expect(layout.squaredDistance(both, all, blocks: BlockMask(.tags)) == nil)
  }
}
