import Core

/// Vectors in a byte a coordinate, with what is needed to bound the distances of the vectors themselves: a search reads
/// these and looks only at the few vectors that may be among the nearest.
///
/// A row x is kept as x̂ = scale · integers of −127…127, with each block's ‖x̂‖² and ‖x − x̂‖. By the triangle
/// inequality |‖q − x‖ − ‖q̂ − x̂‖| ≤ ‖q − q̂‖ + ‖x − x̂‖ over any blocks.
package struct QuantizedPoints: Sendable {
  package let layout: BlockLayout
  package private(set) var masks: [BlockMask] = []
  /// `count` × dimensions.
  private(set) var integers: [Int8] = []
  private(set) var scales: [Float] = []
  /// `count` × number of blocks: the squared norm of each block of x̂, and of x − x̂.
  private(set) var norms: [Float] = []
  private(set) var errors: [Float] = []

  static let blocks = Block.allCases.count

  package init(layout: BlockLayout) { self.layout = layout }

  package init(_ points: Points) {
    self.init(layout: points.layout)
    reserve(points.count)
    points.withRows { rows in
      for row in 0..<points.count {
        append(
          UnsafeBufferPointer(start: rows + row * dimensions, count: dimensions),
          mask: points.masks[row])
      }
    }
  }

  package var count: Int { masks.count }
  var dimensions: Int { layout.dimensions }

  /// Memory that the rows take, bytes.
  package var bytes: Int {
    count
      * (dimensions + MemoryLayout<Float>.size * (1 + 2 * Self.blocks)
        + MemoryLayout<BlockMask>.size)
  }

  package mutating func reserve(_ count: Int) {
    masks.reserveCapacity(count)
    integers.reserveCapacity(count * dimensions)
    scales.reserveCapacity(count)
    norms.reserveCapacity(count * Self.blocks)
    errors.reserveCapacity(count * Self.blocks)
  }

  /// - Parameter vector: `layout.dimensions` values, zero where a block is missing.
  package mutating func append(_ vector: UnsafeBufferPointer<Float>, mask: BlockMask) {
    masks.append(mask)
    scales.append(0)
    integers.append(contentsOf: repeatElement(0, count: dimensions))
    norms.append(contentsOf: repeatElement(0, count: Self.blocks))
    errors.append(contentsOf: repeatElement(0, count: Self.blocks))
    replace(count - 1, by: vector, mask: mask)
  }

  /// Puts another vector in a row's place. One that holds anything but finite numbers is near nothing.
  package mutating func replace(
    _ row: Int, by vector: UnsafeBufferPointer<Float>, mask: BlockMask
  ) {
    precondition(vector.count == dimensions)
    let isFinite = vector.allSatisfy(\.isFinite)
    masks[row] = isFinite ? mask : []
    let quantum = isFinite ? Self.quantum(vector, levels: 127) : 0
    scales[row] = quantum
    for block in Block.allCases {
      var (norm, error) = (0.0, 0.0)
      for column in layout.range(of: block) {
        let level = quantum > 0 ? (vector[column] / quantum).rounded() : 0
        integers[row * dimensions + column] = Int8(level)
        let kept = Double(level) * Double(quantum)
        let rest = isFinite ? Double(vector[column]) - kept : 0
        norm += kept * kept
        error += rest * rest
      }
      norms[row * Self.blocks + block.rawValue] = Float(norm)
      errors[row * Self.blocks + block.rawValue] = Float(error)
    }
  }

  /// The step between two of `levels` levels on each side of zero that reach a vector's largest value. 0 for a vector
  /// of zeros, and for one so small that the step would vanish: all of it is error then.
  static func quantum(_ vector: some Collection<Float>, levels: Float) -> Float {
    let quantum = vector.reduce(0) { max($0, abs($1)) } / levels
    return quantum.isNormal ? quantum : 0
  }
}
