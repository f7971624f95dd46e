import Core
import Foundation

/// How far apart two vectors are, over the blocks that both have, scaled as in `Centroids`.
package enum Metric: String, Sendable, CaseIterable {
  case euclidean
  /// Σ |x − y|.
  case manhattan
  /// 1 − x·y / (‖x‖ ‖y‖).
  case cosine
}

extension Points {
  /// Distances of all pairs. Points that share no block are as far apart as the farthest pair that does.
  ///
  /// - Returns: n × n, symmetric, zero on the diagonal; 4 n² bytes.
  package func pairwiseDistances(_ metric: Metric = .euclidean) -> Matrix<Float> {
    let distances = SharedArray<Float>(repeating: 0, count: count * count)
    let parts = chunks(count, of: 256)
    inParallel(parts.count) { part in
      for row in parts[part] {
        // The other triangle is a copy: (i, j) and (j, i) must not differ by rounding.
        self.distances(
          from: row, to: row + 1..<count, metric, into: distances.base + row * count)
      }
    }
    var farthest: Float = 0
    for row in 0..<count {
      for column in row + 1..<max(row + 1, count) {
        let distance = distances[row * count + column]
        if distance.isFinite { farthest = max(farthest, distance) }
      }
    }
    for row in 0..<count {
      for column in row + 1..<max(row + 1, count) {
        let distance = distances[row * count + column]
        distances[row * count + column] = min(distance, farthest)
        distances[column * count + row] = min(distance, farthest)
      }
    }
    return Matrix(rows: count, columns: count, values: distances.array)
  }

  /// For each row, the index of the nearest of `medoids`; and the sum of these distances.
  func nearest(of medoids: [Int], _ metric: Metric) -> (labels: [Int], loss: Double) {
    let labels = SharedArray<Int>(repeating: 0, count: count)
    let losses = SharedArray<Float>(repeating: 0, count: count)
    let chosen = subset(medoids)
    let parts = chunks(count, of: 1_024)
    inParallel(parts.count) { part in
      for row in parts[part] {
        var best = Float.infinity
        for medoid in 0..<chosen.count {
          let distance = withRows { rows in
            chosen.withRows { others in
              self.distance(
                rows + row * dimensions, others + medoid * dimensions,
                masks[row].intersection(chosen.masks[medoid]), metric)
            }
          }
          if distance < best {
            best = distance
            labels[row] = medoid
          }
        }
        losses[row] = best.isFinite ? best : 0
      }
    }
    return (labels.array, losses.array.reduce(0.0) { $0 + Double($1) })
  }

  private func distances(
    from row: Int, to others: Range<Int>, _ metric: Metric, into result: UnsafeMutablePointer<Float>
  ) {
    withRows { rows in
      for other in others {
        result[other] = distance(
          rows + row * dimensions, rows + other * dimensions,
          masks[row].intersection(masks[other]), metric)
      }
    }
  }

  /// Infinite when the two share no block.
  private func distance(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ mask: BlockMask, _ metric: Metric
  ) -> Float {
    let scale = layout.scale(for: mask)
    guard scale > 0 else { return .infinity }
    // All blocks are contiguous: one run over the whole row.
    let ranges =
      mask == .all
      ? [0..<dimensions]
      : Block.allCases.filter { mask.contains($0) }.map { layout.range(of: $0) }
    switch metric {
    case .euclidean:
      let squared = ranges.reduce(Float(0)) {
        $0 + Rows.squaredDistance(a + $1.lowerBound, b + $1.lowerBound, $1.count)
      }
      return (squared * scale).squareRoot()
    case .manhattan:
      return scale
        * ranges.reduce(Float(0)) {
          $0 + Rows.absoluteDistance(a + $1.lowerBound, b + $1.lowerBound, $1.count)
        }
    case .cosine:
      var (product, first, second) = (Float(0), Float(0), Float(0))
      for range in ranges {
        let (x, y) = (a + range.lowerBound, b + range.lowerBound)
        product += Rows.dot(x, y, range.count)
        first += Rows.dot(x, x, range.count)
        second += Rows.dot(y, y, range.count)
      }
      let length = (first * second).squareRoot()
      return length > 0 ? max(0, 1 - product / length) : first == second ? 0 : 1
    }
  }
}

extension Rows {
  static func squaredDistance(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int
  ) -> Float {
    reduce(a, b, count, wide: { ($0 - $1) * ($0 - $1) }, single: { ($0 - $1) * ($0 - $1) })
  }

  static func absoluteDistance(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int
  ) -> Float {
    reduce(
      a, b, count,
      wide: { (x, y) in
        let difference = x - y
        return difference.replacing(with: -difference, where: difference .< 0)
      }, single: { abs($0 - $1) })
  }
}
