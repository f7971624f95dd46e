import Core

/// What clusterings look at besides the vector.
public struct UnitSummary: Sendable {
  public var unitKey: String
  public var lastSequence: Int
  public var mask: BlockMask
  public var cluster: Int
  public var modality: String?
  public var bodyPart: String?
}

extension Store {
  /// Every unit under a bundle in the order of the keys, without what clusterings don't look at. The vector is there
  /// until `body` returns.
  ///
  /// - Parameter keys: leaves others out.
  public func vectors(
    bundle: String, keys: Range<String>? = nil,
    _ body: (UnitSummary, UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    // SQLite's own copy need not lie where a Float may.
    var vector: [Float] = []
    let bounds = keys.map { [Bound.text($0.lowerBound), .text($0.upperBound)] } ?? []
    try database.run(
      """
      SELECT unit_key, last_sequence, embedding, mask, cluster, modality, body_part FROM unit
      WHERE bundle = ? \(keys == nil ? "" : "AND unit_key >= ? AND unit_key < ?") ORDER BY unit_key
      """, [.text(bundle)] + bounds
    ) { row in
      let bytes = row.bytes(2)
      let count = bytes.count / MemoryLayout<Float>.size
      if vector.count != count { vector = [Float](repeating: 0, count: count) }
      vector.withUnsafeMutableBytes { $0.copyMemory(from: .init(rebasing: bytes.prefix($0.count))) }
      let unit = UnitSummary(
        unitKey: row.text(0), lastSequence: row.int(1), mask: BlockMask(rawValue: row.int(3)),
        cluster: row.int(4), modality: row.optionalText(5), bodyPart: row.optionalText(6))
      try vector.withUnsafeBufferPointer { try body(unit, $0) }
    }
  }

  /// Ranges of keys that hold every unit, about as many units each.
  func unitKeyRanges(_ count: Int) throws -> [Range<String>] {
    let ends = try ["min", "max"].compactMap { end in
      try database.first("SELECT \(end)(unit_key) FROM unit") { $0.optionalText(0) } ?? nil
    }
    return ends.count == 2 ? KeyRanges.even(from: ends[0], through: ends[1], count) : []
  }
}
