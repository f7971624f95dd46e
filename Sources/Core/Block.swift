/// A source of features: each gives one part of the fused vector.
package enum Block: Int, Sendable, CaseIterable, Codable {
  case image, tags, text

  package var name: String {
    switch self {
    case .image: "image"
    case .tags: "tags"
    case .text: "text"
    }
  }
}

/// The blocks that a vector has; the others are zero and are ignored.
package struct BlockMask: OptionSet, Sendable, Hashable {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }
  package init(_ block: Block) { self.init(rawValue: 1 << block.rawValue) }

  package static let all = BlockMask(rawValue: 7)

  package func contains(_ block: Block) -> Bool { contains(BlockMask(block)) }
  package var names: [String] { Block.allCases.filter { contains($0) }.map(\.name) }
}

/// Each block's position in the fused vector, and its weight in distances.
package struct BlockLayout: Sendable, Equatable, Codable {
  /// Lengths by block, in the order of `Block.allCases`; 0 where the bundle has no such block.
  package var lengths: [Int]
  /// Weights by block.
  package var weights: [Double]

  package init(lengths: [Int], weights: [Double]) {
    self.lengths = lengths
    self.weights = weights
  }

  package var dimensions: Int { lengths.reduce(0, +) }

  package func range(of block: Block) -> Range<Int> {
    let start = lengths[..<block.rawValue].reduce(0, +)
    return start..<start + lengths[block.rawValue]
  }

  /// Σw / Σ w m: the factor for a masked squared distance that makes vectors with a missing block comparable with
  /// complete ones. 0 when no block is present.
  package func scale(for mask: BlockMask) -> Float {
    var whole = 0.0
    var present = 0.0
    for block in Block.allCases where lengths[block.rawValue] > 0 {
      whole += weights[block.rawValue]
      if mask.contains(block) { present += weights[block.rawValue] }
    }
    return present > 0 ? Float(whole / present) : 0
  }
}

/// One unit's fused vector: `layout.dimensions` values, zero where a block is missing.
package struct Embedding: Sendable, Equatable {
  package var values: [Float]
  package var mask: BlockMask

  package init(values: [Float], mask: BlockMask) {
    self.values = values
    self.mask = mask
  }
}
