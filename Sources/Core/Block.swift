/// A source of features: each gives one part of the fused vector.
public enum Block: Int, Sendable, CaseIterable, Codable {
  case image, tags, text

  public var name: String {
    switch self {
    case .image: "image"
    case .tags: "tags"
    case .text: "text"
    }
  }
}

/// Which blocks a vector really has; the others are zero and count for nothing.
public struct BlockMask: OptionSet, Sendable, Hashable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }
  public init(_ block: Block) { self.init(rawValue: 1 << block.rawValue) }

  public static let all = BlockMask(rawValue: 7)

  public func contains(_ block: Block) -> Bool { contains(BlockMask(block)) }
  public var names: [String] { Block.allCases.filter { contains($0) }.map(\.name) }
}

/// Where each block lies in the fused vector, and its weight in distances.
public struct BlockLayout: Sendable, Equatable, Codable {
  /// Lengths by block, in the order of `Block.allCases`; 0 where the bundle has no such block.
  public var lengths: [Int]
  /// Weights by block.
  public var weights: [Double]

  public init(lengths: [Int], weights: [Double]) {
    self.lengths = lengths
    self.weights = weights
  }

  public var dimensions: Int { lengths.reduce(0, +) }

  public func range(of block: Block) -> Range<Int> {
    let start = lengths[..<block.rawValue].reduce(0, +)
    return start..<start + lengths[block.rawValue]
  }

  /// Σw / Σ w m: what a masked squared distance is multiplied by, so that vectors with a missing block
  /// compare with whole ones. 0 when no block is there.
  public func scale(for mask: BlockMask) -> Float {
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
public struct Embedding: Sendable, Equatable {
  public var values: [Float]
  public var mask: BlockMask

  public init(values: [Float], mask: BlockMask) {
    self.values = values
    self.mask = mask
  }
}
