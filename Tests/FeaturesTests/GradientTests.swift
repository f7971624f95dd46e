import Core
import TestSupport
import Testing

@testable import Features

@Suite struct GradientTests {
  @Test func `gradient histograms equal scikit-image's`() throws {
    let item = try golden("gradients", in: .module)
    let side = try #require(item["side"]?.int)
    for shape in item["cases"]?.array ?? [] {
      let a = try #require(shape["a"]?.int)
      let b = try #require(shape["b"]?.int)
      let c = try #require(shape["c"]?.int)
      let grid = (0..<side * side).map { place in
        let (x, y) = (place % side, place / side)
        return Float((x * a + y * b + x * y * c) % 256) / 255
      }
      let mine = OrientedGradients.describe(grid, side: side)
      let peer = shape["values"]?.numbers ?? []
      #expect(mine.count == OrientedGradients.count(side: side) && mine.count == peer.count)
      for (value, expected) in zip(mine, peer) { #expect(abs(Double(value) - expected) < 2e-3) }
    }
  }

  @Test func `an image of one grey has no gradients`() {
    let described = OrientedGradients.describe([Float](repeating: 0.5, count: 1_024), side: 32)
    #expect(described.allSatisfy { $0 == 0 })
  }
}
