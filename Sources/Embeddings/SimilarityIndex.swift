import Clustering
import Core
import Foundation
import Store

/// A unit like another one.
package struct Neighbour: Sendable, Equatable {
  package var unitKey: String
  /// Over the blocks that both have, as to centroids.
  package var distance: Double
}

/// All units under a bundle, prepared to find those most like one. It holds a byte a coordinate, and takes the few
/// vectors that a bound can't exclude from the store, so that the answer is that of comparing all.
package struct SimilarityIndex: Sendable {
  package let bundle: String
  package let layout: BlockLayout
  private var keys = UnitKeys()
  private var vectors: QuantizedPoints
  /// The last event that it includes.
  private var sequence: Int

  /// Reads all vectors of a bundle.
  ///
  /// - Throws: `StoreError`.
  package init(_ store: any Store, bundle: String, layout: BlockLayout) throws {
    self.bundle = bundle
    self.layout = layout
    vectors = QuantizedPoints(layout: layout)
    // Units that change meanwhile are read again.
    sequence = try store.lastSequence()
    try store.vectors(bundle: bundle) { unit, vector in
      keys.append(unit.unitKey)
      vectors.append(vector, mask: unit.mask)
    }
  }

  package var count: Int { keys.count }

  /// Takes in the units that were annotated or revised since.
  ///
  /// - Throws: `StoreError`.
  package mutating func follow(_ store: any Store) throws {
    let last = try store.lastSequence()
    guard last > sequence else { return }
    // After a recluster, reading all of them in order is faster than a large part one by one.
    guard last - sequence < max(1_000, count / 8) else {
      self = try SimilarityIndex(store, bundle: bundle, layout: layout)
      return
    }
    for key in try store.annotatedUnits(after: sequence) {
      guard let unit = try store.unit(key), unit.bundle == bundle else { continue }
      let row = keys.row(of: key)
      unit.embedding.values.withUnsafeBufferPointer { vector in
        if let row {
          vectors.replace(row, by: vector, mask: unit.embedding.mask)
        } else {
          vectors.append(vector, mask: unit.embedding.mask)
        }
      }
      if row == nil { keys.append(key) }
    }
    sequence = last
  }

  /// The units nearest to one, by all blocks or by one; nearest first, ties in order of key. Units that share no block
  /// with it are left out.
  ///
  /// - Parameter store: the store of the index.
  /// - Throws: `SimilarityError` for a unit that isn't there or lacks the block; `StoreError`.
  package func nearest(
    to unitKey: String, count: Int, block: Block? = nil, in store: any Store
  ) throws -> [Neighbour] {
    guard let row = keys.row(of: unitKey), let unit = try store.unit(unitKey) else {
      throw SimilarityError.unknown(unitKey)
    }
    if let block, !unit.embedding.mask.contains(block) {
      throw SimilarityError.lacks(unitKey, block)
    }
    let blocks = block.map { BlockMask($0) } ?? .all
    let candidates = vectors.candidates(
      near: unit.embedding, count: count, blocks: blocks, skipping: row)
    let squares = try candidates.compactMap { row -> (key: String, square: Double)? in
      let key = keys[row]
      guard let other = try store.unit(key), other.bundle == bundle else { return nil }
      return layout.squaredDistance(unit.embedding, other.embedding, blocks: blocks)
        .map { (key, $0) }
    }
    return squares.sorted { ($0.square, $0.key) < ($1.square, $1.key) }.prefix(count)
      .map { Neighbour(unitKey: $0.key, distance: $0.square.squareRoot()) }
  }

  /// The same for many units at once, for reports of a whole archive: reads all vectors into memory.
  ///
  /// - Parameter unitKeys: `nil` for all units.
  /// - Returns: by unit key; units without the block have no neighbours.
  /// - Throws: `StoreError`.
  package static func nearest(
    toUnits unitKeys: Set<String>? = nil, count: Int, block: Block? = nil, in store: any Store,
    bundle: String, layout: BlockLayout
  ) throws -> [String: [Neighbour]] {
    var keys: [String] = []
    var points = Points(layout: layout)
    try store.vectors(bundle: bundle) { unit, vector in
      keys.append(unit.unitKey)
      points.append(vector, mask: unit.mask)
    }
    let wanted = keys.indices.filter { unitKeys?.contains(keys[$0]) ?? true }
    var queries = Points(layout: layout)
    for row in wanted { queries.append(points[row]) }
    let blocks = block.map { BlockMask($0) } ?? .all
    // One more: each finds itself, too. Rows are in order of key, so ties are.
    let found = points.nearestRows(of: queries, count: count + 1, blocks: blocks)
    return Dictionary(
      uniqueKeysWithValues: zip(wanted, found).map { own, rows in
        let others = rows.filter { $0.row != own }.prefix(count)
        return (
          keys[own], others.map { Neighbour(unitKey: keys[$0.row], distance: $0.distance) }
        )
      })
  }
}

/// Why no similar units can be named.
package enum SimilarityError: ServiceError, ExitingError, CustomStringConvertible, Equatable {
  case unknown(String)
  case ambiguous(String, [String])
  case lacks(String, Block)
  case noGeneration

  package var response: ErrorResponse { .report }

  package var exitCode: ExitCode { .data }

  package var description: String {
    switch self {
    case .unknown(let key):
      "no unit has the key \(key), or its vector is of other models: radiologynetctl tail shows keys"
    case .ambiguous(let text, let keys):
      "\(text) is the beginning of several keys, or of a study of several units: \(keys.joined(separator: ", ")), …"
    case .lacks(let key, let block):
      "\(key) has no \(block.name) vector: take another --block, or none to compare by the blocks that it has"
    case .noGeneration: "there is no generation yet: radiologynetd opens the first one"
    }
  }
}
