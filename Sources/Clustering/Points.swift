import Core

/// Fused vectors of many units: `count` × `layout.dimensions`, zero where a block is missing.
package struct Points: Sendable {
  package let layout: BlockLayout
  package private(set) var values: [Float] = []
  package private(set) var masks: [BlockMask] = []

  package init(layout: BlockLayout) { self.layout = layout }

  /// - Parameter values: `masks.count` × `layout.dimensions`, zero where a block is missing.
  init(layout: BlockLayout, values: [Float], masks: [BlockMask]) {
    precondition(values.count == masks.count * layout.dimensions)
    self.layout = layout
    self.values = values
    self.masks = masks
  }

  package var count: Int { masks.count }
  package var dimensions: Int { layout.dimensions }

  package mutating func append(_ embedding: Embedding) {
    append(embedding.values, mask: embedding.mask)
  }

  package mutating func append(_ vector: some Collection<Float>, mask: BlockMask) {
    precondition(vector.count == dimensions)
    values.append(contentsOf: vector)
    masks.append(mask)
  }

  package mutating func reserve(_ count: Int) {
    values.reserveCapacity(count * dimensions)
    masks.reserveCapacity(count)
  }

  package subscript(index: Int) -> Embedding {
    Embedding(
      values: Array(values[index * dimensions..<(index + 1) * dimensions]), mask: masks[index])
  }

  /// Calls `body` with the values, row-major.
  func withRows<Value>(_ body: (UnsafePointer<Float>) -> Value) -> Value {
    values.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map(body)
        ?? withUnsafeTemporaryAllocation(of: Float.self, capacity: 1) {
          body(UnsafePointer($0.baseAddress!))
        }
    }
  }

  /// Each row's squared norm over its present blocks; missing ones are zero.
  func norms() -> SharedArray<Float> {
    let norms = SharedArray<Float>(repeating: 0, count: count)
    let parts = chunks(count, of: 4096)
    inParallel(parts.count) { part in
      withRows { rows in
        for row in parts[part] {
          let x = rows + row * dimensions
          norms[row] = Rows.dot(x, x, dimensions)
        }
      }
    }
    return norms
  }

  /// A copy of some rows.
  package func subset(_ rows: some Collection<Int>) -> Points {
    var subset = Points(layout: layout)
    subset.reserve(rows.count)
    for row in rows {
      subset.values.append(contentsOf: values[row * dimensions..<(row + 1) * dimensions])
      subset.masks.append(masks[row])
    }
    return subset
  }
}
