internal import CBLAS
import Core

/// Nearest centres of many points at once: one matrix product for each thousand rows.
struct BatchAssignment {
  private let centroids: Centroids
  /// For each mask, each centre's squared norm over the present blocks.
  private let norms: [[Float]]

  init(_ centroids: Centroids) {
    self.centroids = centroids
    let layout = centroids.layout
    norms = (0...BlockMask.all.rawValue).map { raw in
      let mask = BlockMask(rawValue: raw)
      return (0..<centroids.k).map { index in
        let row = centroids.row(index)
        var sum: Float = 0
        for block in Block.allCases where mask.contains(block) {
          for dimension in layout.range(of: block) {
            let value = row[row.startIndex + dimension]
            sum += value * value
          }
        }
        return sum
      }
    }
  }

  /// Labels and squared distances of all points.
  func callAsFunction(_ points: Points) -> (labels: [Int], squaredDistances: [Float]) {
    let dimensions = points.dimensions
    let k = centroids.k
    let block = 1024
    var labels = [Int](repeating: 0, count: points.count)
    var distances = [Float](repeating: 0, count: points.count)
    var products = [Float](repeating: 0, count: min(block, max(1, points.count)) * k)
    for start in stride(from: 0, to: points.count, by: block) {
      let rows = min(block, points.count - start)
      points.values.withUnsafeBufferPointer { values in
        cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(k), Int32(dimensions), 1,
          values.baseAddress! + start * dimensions, Int32(dimensions), centroids.values,
          Int32(dimensions),
          0, &products, Int32(k))
        for row in 0..<rows {
          let index = start + row
          let mask = points.masks[index]
          var best = Float.infinity
          norms[mask.rawValue].withUnsafeBufferPointer { norms in
            for cluster in 0..<k {
              let score = norms[cluster] - 2 * products[row * k + cluster]
              if score < best {
                best = score
                labels[index] = cluster
              }
            }
          }
          // Missing blocks are zero, so the whole row's norm is that of the present blocks.
          var norm: Float = 0
          for dimension in 0..<dimensions {
            let value = values[index * dimensions + dimension]
            norm += value * value
          }
          distances[index] = max(0, norm + best) * centroids.layout.scale(for: mask)
        }
      }
    }
    return (labels, distances)
  }
}

extension Centroids {
  /// Labels and Euclidean distances of all points.
  public func assign(_ points: Points) -> (labels: [Int], distances: [Float]) {
    let (labels, squared) = BatchAssignment(self)(points)
    return (labels, squared.map { $0.squareRoot() })
  }
}

/// How many threads BLAS may use in this process.
public func setBLASThreads(_ count: Int) { openblas_set_num_threads(Int32(count)) }
