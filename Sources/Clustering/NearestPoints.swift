import Core
import Synchronization

/// A row and its distance.
package struct NearRow: Sendable, Equatable {
  package var row: Int
  package var distance: Double

  package init(row: Int, distance: Double) {
    self.row = row
    self.distance = distance
  }
}

extension QuantizedPoints {
  /// Rows that may be among a query's nearest: all that are, and a few more. On all cores.
  ///
  /// - Parameters:
  ///   - count: how many rows are wanted; more than there are take them all.
  ///   - blocks: blocks to compare at most. Rows that share none with the query are left out.
  ///   - skipped: a row that doesn't count, such as the query's own.
  package func candidates(
    near query: Embedding, count: Int, blocks: BlockMask = .all, skipping skipped: Int? = nil
  ) -> [Int] {
    guard count > 0, self.count > 0 else { return [] }
    let wanted = min(count, self.count)
    let quantized = QuantizedQuery(query, blocks: blocks, layout: layout)
    let start = NeighbourScan(quantized, count: wanted, among: self, skipped: skipped ?? -1)
    // As few parts as keep cores busy: each finds `count` rows of its own.
    let parts = chunks(self.count, of: max(16 * NeighbourScan.stretch, self.count / 16))
    let whole = Mutex(start)
    inParallel(parts.count) { part in
      var scan = start
      scan.scan(parts[part])
      whole.withLock { $0.merge(scan) }
    }
    return whole.withLock { $0.candidates.sorted() }
  }
}

extension Points {
  /// The `count` nearest other rows of each row, nearest first, ties in order of row; fewer where fewer rows share a
  /// block with it. Exact in float64. On all cores.
  ///
  /// - Parameter blocks: blocks to compare at most.
  package func nearestRows(count: Int, blocks: BlockMask = .all) -> [[NearRow]] {
    nearestRows(of: self, count: count, blocks: blocks, isSame: true)
  }

  /// The same for other points, among these.
  package func nearestRows(of others: Points, count: Int, blocks: BlockMask = .all) -> [[NearRow]] {
    nearestRows(of: others, count: count, blocks: blocks, isSame: false)
  }

  private func nearestRows(of others: Points, count: Int, blocks: BlockMask, isSame: Bool)
    -> [[NearRow]]
  {
    guard count > 0, self.count > 0 else {
      return [[NearRow]](repeating: [], count: others.count)
    }
    let quantized = QuantizedPoints(self)
    let wanted = min(count, self.count)
    let results = Mutex([[NearRow]](repeating: [], count: others.count))
    // Queries that look at the same rows while a core has them in its cache.
    let groups = chunks(others.count, of: 32)
    inParallel(groups.count) { group in
      var scans = groups[group].map { row in
        NeighbourScan(
          QuantizedQuery(others[row], blocks: blocks, layout: layout), count: wanted,
          among: quantized, skipped: isSame ? row : -1)
      }
      for rows in chunks(self.count, of: NeighbourScan.stretch) {
        for index in scans.indices { scans[index].scan(rows) }
      }
      let found = zip(groups[group], scans).map { row, scan in
        exact(scan.candidates, to: others, row, blocks).prefix(count)
      }
      results.withLock { results in
        for (row, near) in zip(groups[group], found) { results[row] = Array(near) }
      }
    }
    return results.withLock { $0 }
  }

  /// Rows with their exact distances, in order.
  private func exact(_ rows: [Int], to others: Points, _ other: Int, _ blocks: BlockMask)
    -> [NearRow]
  {
    let squares = withRows { values in
      others.withRows { queries in
        rows.compactMap { row in
          let common = masks[row].intersection(others.masks[other]).intersection(blocks)
          return layout.squaredDistance(
            queries + other * dimensions, values + row * dimensions, common
          ).map { (row: row, square: $0) }
        }
      }
    }
    return squares.sorted { ($0.square, $0.row) < ($1.square, $1.row) }
      .map { NearRow(row: $0.row, distance: $0.square.squareRoot()) }
  }
}
