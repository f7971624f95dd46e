internal import CQuantized
import Core

/// A search for one query's nearest rows among quantised ones. It goes through ranges of rows; then `candidates` hold
/// every row that may be among the nearest.
struct NeighbourScan {
  private let count: Int
  private let points: QuantizedPoints
  private let skipped: Int
  private let query: QuantizedQuery
  /// The `count` smallest upper bounds of distances so far.
  private var upper: SmallestValues
  private var found: [(row: Int, lower: Float)] = []
  private var products = [Int32](repeating: 0, count: stretch)

  /// Rows that are compared at a time: their bytes stay in a core's cache for other queries.
  static let stretch = 512

  /// - Parameters:
  ///   - count: how many rows are wanted.
  ///   - skipped: a row that doesn't count, such as the query's own; −1 for none.
  init(_ query: QuantizedQuery, count: Int, among points: QuantizedPoints, skipped: Int) {
    self.query = query
    self.count = count
    self.points = points
    self.skipped = skipped
    upper = SmallestValues(count)
  }

  /// Rows that may be among the nearest of those scanned, in order.
  var candidates: [Int] { found.lazy.filter { $0.lower <= upper.bound }.map(\.row) }

  mutating func scan(_ rows: Range<Int>) {
    var start = rows.lowerBound
    while start < rows.upperBound {
      let end = min(start + Self.stretch, rows.upperBound)
      compare(start..<end)
      start = end
    }
    // Later upper bounds excluded most of what looked near at first.
    if found.count > 8 * count + 1_024 {
      let bound = upper.bound
      found.removeAll { $0.lower > bound }
    }
  }

  /// Adds what another scan of the same query found in other rows.
  mutating func merge(_ other: NeighbourScan) {
    found += other.found
    for value in other.upper.values { upper.insert(value) }
  }

  private mutating func compare(_ rows: Range<Int>) {
    multiply(rows)
    for row in rows where row != skipped {
      let part = query.parts[points.masks[row].rawValue]
      guard part.scale > 0 else { continue }
      let (norm, error) = sums(row, part.common)
      let product = 2 * query.quantum * points.scales[row] * Float(products[row - rows.lowerBound])
      // Float32 keeps each of the three to one in 10⁷, and so does all arithmetic below.
      let rounding = 1e-6 * (norm + part.norm)
      let square = norm + part.norm - product
      let room = upper.bound / part.scale + error + part.error
      guard square - rounding <= room * room * 1.000_001 else { continue }
      let slack = (error + part.error) * 1.000_001
      let far = (max(0, square) + rounding).squareRoot() + slack
      let near = max(0, max(0, square - rounding).squareRoot() - slack)
      upper.insert(far * part.scale * 1.000_001)
      found.append((row, near * part.scale * 0.999_999))
    }
  }

  private mutating func multiply(_ rows: Range<Int>) {
    points.integers.withUnsafeBufferPointer { integers in
      query.integers.withUnsafeBufferPointer { query in
        products.withUnsafeMutableBufferPointer { products in
          guard let integers = integers.baseAddress, let query = query.baseAddress else { return }
          let (columns, dimensions) = (self.query.columns, points.dimensions)
          cquantized_products(
            integers + rows.lowerBound * dimensions + columns.lowerBound, dimensions, rows.count,
            Int32(columns.count), query + columns.lowerBound, products.baseAddress)
        }
      }
    }
  }

  /// ‖x̂‖² and ‖x − x̂‖ over some blocks.
  private func sums(_ row: Int, _ common: BlockMask) -> (norm: Float, error: Float) {
    var (norm, error) = (Float(0), Float(0))
    for block in 0..<QuantizedPoints.blocks where common.rawValue & 1 << block != 0 {
      norm += points.norms[row * QuantizedPoints.blocks + block]
      error += points.errors[row * QuantizedPoints.blocks + block]
    }
    return (norm, error.squareRoot())
  }
}

/// A query in 16 bits a coordinate, with its norms for each mask that a row may have.
struct QuantizedQuery {
  /// `dimensions` numbers, zero outside the compared blocks.
  let integers: [Int16]
  let quantum: Float
  /// The columns of the compared blocks.
  let columns: Range<Int>
  /// By the mask of a row.
  let parts: [Part]

  struct Part {
    /// Blocks that row and query have.
    var common: BlockMask
    /// √(Σw / Σ w m): from a distance over the common blocks to the masked distance; 0 without a common block.
    var scale: Float
    /// ‖q̂‖² and ‖q − q̂‖ over the common blocks.
    var norm: Float
    var error: Float
  }

  init(_ query: Embedding, blocks: BlockMask, layout: BlockLayout) {
    let isFinite = query.values.allSatisfy(\.isFinite)
    let mask = isFinite ? query.mask.intersection(blocks) : []
    var values = query.values
    for block in Block.allCases where !mask.contains(block) {
      for column in layout.range(of: block) { values[column] = 0 }
    }
    // The sums of products have to fit into 32 bits.
    let levels = min(32_767, Float(Int32.max / 128 / Int32(max(1, layout.dimensions))))
    let quantum = QuantizedPoints.quantum(values, levels: levels)
    let integers = values.map { quantum > 0 ? Int16(($0 / quantum).rounded()) : 0 }
    parts = (0..<CentroidTable.masks).map { other in
      let common = mask.intersection(BlockMask(rawValue: other))
      var (norm, error) = (0.0, 0.0)
      for block in Block.allCases where common.contains(block) {
        for column in layout.range(of: block) {
          let kept = Double(integers[column]) * Double(quantum)
          norm += kept * kept
          error += (Double(values[column]) - kept) * (Double(values[column]) - kept)
        }
      }
      return Part(
        common: common, scale: layout.scale(for: common).squareRoot(), norm: Float(norm),
        error: Float(error.squareRoot()))
    }
    let ranges = Block.allCases.filter { mask.contains($0) }.map { layout.range(of: $0) }
    columns = (ranges.first?.lowerBound ?? 0)..<(ranges.last?.upperBound ?? 0)
    self.integers = integers
    self.quantum = quantum
  }
}

/// The `count` smallest of the numbers that were inserted: a heap with the largest of them on top.
struct SmallestValues {
  private let count: Int
  private(set) var values: [Float] = []

  init(_ count: Int) {
    self.count = count
    values.reserveCapacity(count)
  }

  /// The `count`th smallest number; infinite until there are so many.
  var bound: Float { values.count < count ? .infinity : values.first ?? -.infinity }

  mutating func insert(_ value: Float) {
    if values.count < count {
      values.append(value)
      var child = values.count - 1
      while child > 0, values[(child - 1) / 2] < values[child] {
        values.swapAt(child, (child - 1) / 2)
        child = (child - 1) / 2
      }
    } else if value < bound {
      values[0] = value
      var parent = 0
      while true {
        var child = 2 * parent + 1
        guard child < count else { return }
        if child + 1 < count, values[child + 1] > values[child] { child += 1 }
        guard values[child] > values[parent] else { return }
        values.swapAt(child, parent)
        parent = child
      }
    }
  }
}
