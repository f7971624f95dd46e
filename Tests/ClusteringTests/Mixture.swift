import Clustering
import Core

/// Random vectors of three blocks around a few centres, some blocks missing.
struct Mixture {
  static let layout = BlockLayout(lengths: [6, 3, 4], weights: [1, 1, 2])
  var generator: SeededGenerator
  let centers: [[Double]]
  let missing: Double

  init(seed: UInt64, clusters: Int, missing: Double = 0) {
    var generator = SeededGenerator(seed: seed)
    centers = (0..<clusters).map { _ in
      (0..<Self.layout.dimensions).map { _ in 4 * generator.gaussian() }
    }
    self.generator = generator
    self.missing = missing
  }

  mutating func embedding() -> Embedding {
    let center = centers[Int(generator.next() % UInt64(centers.count))]
    var values = center.map { Float($0 + generator.gaussian()) }
    var mask = BlockMask.all
    for block in Block.allCases where block != .tags && generator.uniform() < missing {
      mask.remove(BlockMask(block))
      for dimension in Self.layout.range(of: block) { values[dimension] = 0 }
    }
    return Embedding(values: values, mask: mask)
  }

  func points(_ count: Int) -> Points {
    var copy = self
    var points = Points(layout: Self.layout)
    for _ in 0..<count { points.append(copy.embedding()) }
    return points
  }
}
