import Core

extension BlockLayout {
  /// The masked distance of two vectors: Σw / Σ w m · Σ over their common blocks of ‖x − y‖², as in `Centroids`, in
  /// float64 and in an order that depends on the layout alone.
  ///
  /// - Parameters:
  ///   - x: `dimensions` values, as `y`.
  ///   - blocks: blocks to compare at most.
  /// - Returns: the squared distance; `nil` without a common block.
  package func squaredDistance(
    _ x: Embedding, _ y: Embedding, blocks: BlockMask = .all
  ) -> Double? {
    x.values.withUnsafeBufferPointer { first in
      y.values.withUnsafeBufferPointer { second in
        guard let first = first.baseAddress, let second = second.baseAddress else { return nil }
        return squaredDistance(first, second, x.mask.intersection(y.mask).intersection(blocks))
      }
    }
  }

  /// - Parameter common: the blocks to compare.
  func squaredDistance(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ common: BlockMask
  ) -> Double? {
    let scale = scale(for: common)
    guard scale > 0 else { return nil }
    var sum = 0.0
    for block in Block.allCases where common.contains(block) {
      let range = range(of: block)
      sum += Rows.exactSquaredDistance(x + range.lowerBound, y + range.lowerBound, range.count)
    }
    return sum * Double(scale)
  }
}
