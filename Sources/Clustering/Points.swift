import Core

/// Fused vectors of many units: `count` × `layout.dimensions`, zero where a block is missing.
public struct Points: Sendable {
  public let layout: BlockLayout
  public private(set) var values: [Float] = []
  public private(set) var masks: [BlockMask] = []

  public init(layout: BlockLayout) { self.layout = layout }

  public var count: Int { masks.count }
  public var dimensions: Int { layout.dimensions }

  public mutating func append(_ embedding: Embedding) {
    precondition(embedding.values.count == dimensions)
    values.append(contentsOf: embedding.values)
    masks.append(embedding.mask)
  }

  public mutating func reserve(_ count: Int) {
    values.reserveCapacity(count * dimensions)
    masks.reserveCapacity(count)
  }

  public subscript(index: Int) -> Embedding {
    Embedding(
      values: Array(values[index * dimensions..<(index + 1) * dimensions]), mask: masks[index])
  }
}
