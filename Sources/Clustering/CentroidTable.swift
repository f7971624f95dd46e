internal import CBLAS
import Core

/// Centroids prepared for comparison with many points: ‖x − c‖² = ‖x‖² + ‖c‖² − 2 x·c over the blocks that a point
/// has. Its missing blocks are zero.
struct CentroidTable: Sendable {
  let k: Int
  let dimensions: Int
  let values: [Float]
  /// masks × k: each centroid's squared norm over the blocks of the mask.
  private let norms: [Float]

  static let masks = BlockMask.all.rawValue + 1

  init(_ centroids: Centroids) {
    k = centroids.k
    dimensions = centroids.layout.dimensions
    values = centroids.values
    norms = Self.squaredNorms(centroids.values, k: centroids.k, layout: centroids.layout)
  }

  /// masks × k: the squared norm of each row over the blocks of each mask.
  static func squaredNorms(_ values: [Float], k: Int, layout: BlockLayout) -> [Float] {
    var norms = [Float](repeating: 0, count: masks * k)
    values.withUnsafeBufferPointer { values in
      for block in Block.allCases where layout.lengths[block.rawValue] > 0 {
        let range = layout.range(of: block)
        let containing = (0..<masks).filter { BlockMask(rawValue: $0).contains(block) }
        for row in 0..<k {
          let x = values.baseAddress! + row * layout.dimensions + range.lowerBound
          let sum = Rows.dot(x, x, range.count)
          for mask in containing { norms[mask * k + row] += sum }
        }
      }
    }
    return norms
  }

  /// A centroid's squared norm over the blocks of a mask.
  func norm(_ center: Int, mask: Int) -> Float { norms[mask * k + center] }

  /// `rows` × k scores ‖c‖² − 2 x·c.
  ///
  /// - Parameters:
  ///   - points: `rows` × dimensions.
  ///   - mask: the blocks of a row.
  func scores(
    _ points: UnsafePointer<Float>, rows: Int, into scores: UnsafeMutablePointer<Float>,
    mask: (Int) -> BlockMask
  ) {
    norms.withUnsafeBufferPointer { norms in
      for row in 0..<rows {
        (scores + row * k).update(from: norms.baseAddress! + mask(row).rawValue * k, count: k)
      }
    }
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(k), Int32(dimensions), -2,
      points, Int32(dimensions), values, Int32(dimensions), 1, scores, Int32(k))
  }

  /// The nearest centroid by a row's scores; `nil` where float32 rounding may have decided.
  func clearest(_ point: UnsafePointer<Float>, _ mask: BlockMask, _ scores: UnsafePointer<Float>)
    -> Int?
  {
    let (first, best, others) = Rows.nearest(scores, k)
    let second = Rows.smallest(others)
    let size = Rows.dot(point, point, dimensions) + norm(best, mask: mask.rawValue)
    return second - first > Self.rounding * size ? best : nil
  }

  /// Largest float32 error of a score, relative to the squared norms behind it.
  private static let rounding: Float = 1e-4

  /// Compares all points with all centroids, on all cores.
  ///
  /// - Parameter body: called once for each row, from several threads, with the row's values and its k scores.
  func forEachRow(
    of points: Points,
    _ body:
      @escaping @Sendable (_ row: Int, _ x: UnsafePointer<Float>, _ scores: UnsafePointer<Float>) ->
      Void
  ) {
    let parts = chunks(points.count, of: 1024)
    inParallel(parts.count) { forEachRow(of: points, in: parts[$0], body) }
  }

  /// Compares some points with all centroids.
  func forEachRow(
    of points: Points, in range: Range<Int>,
    _ body: (_ row: Int, _ x: UnsafePointer<Float>, _ scores: UnsafePointer<Float>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: range.count * k) { room in
      points.withRows { rows in
        let scores = room.baseAddress!
        let first = rows + range.lowerBound * dimensions
        self.scores(first, rows: range.count, into: scores) {
          points.masks[range.lowerBound + $0]
        }
        for row in 0..<range.count {
          body(range.lowerBound + row, first + row * dimensions, scores + row * k)
        }
      }
    }
  }
}
