import Core

/// Concatenates the blocks. Each block, as its own vector or seen from the centroids of its own clustering, is centred,
/// divided by √(its total variance over the training units) and multiplied by √weight. This puts the squared distances
/// of all blocks on one scale, whatever their lengths.
package struct Fusion: Sendable, Codable, Equatable {
  package let layout: BlockLayout
  private let views: [CentroidView?]
  private let means: [FloatArray]
  private let scales: [Double]

  /// - Parameters:
  ///   - units: training vectors by block, `nil` where a unit lacks one.
  ///   - lengths: vector length by block, 0 for a block without encoder.
  ///   - weights: by block.
  ///   - views: by block, `nil` for the vector itself.
  package init(
    fitting units: [[[Float]?]], lengths: [Int], weights: [Double],
    views: [CentroidView?] = Block.allCases.map { _ in nil }
  ) {
    let units = units.map { Self.seen($0, views) }
    let lengths = zip(lengths, views).map { $1?.dimensions ?? $0 }
    var means: [FloatArray] = []
    var scales: [Double] = []
    for block in Block.allCases {
      let vectors = units.compactMap { $0[block.rawValue] }
      let count = Double(max(1, vectors.count))
      var mean = [Double](repeating: 0, count: lengths[block.rawValue])
      for vector in vectors {
        for (index, value) in vector.enumerated() { mean[index] += Double(value) / count }
      }
      var variance = 0.0
      for vector in vectors {
        for (index, value) in vector.enumerated() {
          variance += (Double(value) - mean[index]) * (Double(value) - mean[index]) / count
        }
      }
      means.append(FloatArray(mean.map { Float($0) }))
      scales.append(variance > 0 ? (weights[block.rawValue] / variance).squareRoot() : 0)
    }
    self.views = views
    self.means = means
    self.scales = scales
    layout = BlockLayout(lengths: lengths, weights: weights)
  }

  /// - Parameter blocks: the encoders' vectors by block, `nil` for a missing one.
  /// - Returns: `layout.dimensions` values, zero in missing blocks.
  package func fuse(_ blocks: [[Float]?]) -> Embedding {
    let blocks = Self.seen(blocks, views)
    var values: [Float] = []
    var mask: BlockMask = []
    for block in Block.allCases {
      let length = layout.lengths[block.rawValue]
      guard let vector = blocks[block.rawValue], length > 0 else {
        values.append(contentsOf: [Float](repeating: 0, count: length))
        continue
      }
      mask.insert(BlockMask(block))
      let mean = means[block.rawValue].values
      let scale = scales[block.rawValue]
      for (value, mean) in zip(vector, mean) {
        values.append(Float((Double(value) - Double(mean)) * scale))
      }
    }
    return Embedding(values: values, mask: mask)
  }

  private static func seen(_ blocks: [[Float]?], _ views: [CentroidView?]) -> [[Float]?] {
    zip(blocks, views).map { vector, view in vector.map { view?($0) ?? $0 } }
  }
}
