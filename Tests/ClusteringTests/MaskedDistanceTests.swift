import Clustering
import Core
import Testing

@Suite struct MaskedDistanceTests {
  private static let layout = BlockLayout(lengths: [1, 1, 1], weights: [1, 1, 2])
  private static let origin = Centroids(
    layout: layout, k: 1, values: [0, 0, 0], weights: [1, 1, 1])

  // Vectors carry √weight already, so Σ w d² is their plain squared distance.
  @Test(
    arguments: [
      (BlockMask.all, 9.0), (BlockMask(.image), 4.0 * 1), (BlockMask(.text), 2.0 * 4),
      (BlockMask(.image).union(BlockMask(.tags)), 2.0 * 5),
    ] as [(BlockMask, Double)])
  func `a missing block counts as the mean of the others`(_ mask: BlockMask, _ expected: Double) {
    let point = Embedding(values: [1, 2, 2], mask: mask)
    #expect(abs(Self.origin.squaredDistance(point, to: 0) - expected) < 1e-12)
  }

  @Test func `a block without encoder takes no part`() {
    let layout = BlockLayout(lengths: [2, 1, 0], weights: [1, 1, 5])
    #expect(layout.scale(for: [BlockMask(.image), BlockMask(.tags)]) == 1)
    #expect(layout.scale(for: [BlockMask(.image)]) == 2)
    #expect(layout.scale(for: [BlockMask(.text)]) == 0)
  }
}
