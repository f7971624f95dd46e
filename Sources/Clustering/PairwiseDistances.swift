internal import CBLAS
import Core

extension Points {
  /// Euclidean distances of all pairs over the blocks that both have, scaled as in `Centroids`. Points that
  /// share no block are as far apart as the farthest pair that does.
  ///
  /// - Returns: n × n, symmetric, zero on the diagonal; 4 n² bytes.
  public func pairwiseDistances() -> Matrix<Float> {
    var result = Matrix<Float>(rows: count, columns: count)
    var rows: [BlockMask: [Int]] = [:]
    for (row, mask) in masks.enumerated() { rows[mask, default: []].append(row) }
    let groups = rows.sorted { $0.key.rawValue < $1.key.rawValue }
    for (index, first) in groups.enumerated() {
      for second in groups[index...] {
        write(first.value, second.value, shared: first.key.intersection(second.key), to: &result)
      }
    }
    let farthest = result.values.max() ?? 0
    for row in 0..<count {
      for column in 0..<count where masks[row].isDisjoint(with: masks[column]) {
        result[row, column] = farthest
      }
      result[row, row] = 0
    }
    return result
  }

  /// The distances between two sets of rows, over the blocks that both sets have.
  private func write(
    _ first: [Int], _ second: [Int], shared: BlockMask, to result: inout Matrix<Float>
  ) {
    let columns = Block.allCases.filter { shared.contains($0) }.flatMap {
      Array(layout.range(of: $0))
    }
    guard !columns.isEmpty else { return }

    func gather(_ rows: [Int]) -> (values: [Float], norms: [Float]) {
      var values: [Float] = []
      values.reserveCapacity(rows.count * columns.count)
      for row in rows {
        for column in columns { values.append(self.values[row * dimensions + column]) }
      }
      let norms = rows.indices.map { row in
        values[row * columns.count..<(row + 1) * columns.count].reduce(Float(0)) { $0 + $1 * $1 }
      }
      return (values, norms)
    }
    let (left, leftNorms) = gather(first)
    let (right, rightNorms) = gather(second)
    var products = [Float](repeating: 0, count: first.count * second.count)
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(first.count), Int32(second.count),
      Int32(columns.count), 1, left, Int32(columns.count), right, Int32(columns.count), 0,
      &products,
      Int32(second.count))
    let scale = layout.scale(for: shared)
    let isSame = first == second
    for (i, row) in first.enumerated() {
      for (j, column) in second.enumerated() {
        let squared = leftNorms[i] + rightNorms[j] - 2 * products[i * second.count + j]
        // Rounding differs between (i, j) and (j, i): one of them counts for both.
        guard row < column || !isSame else { continue }
        result[row, column] = (max(0, squared) * scale).squareRoot()
        result[column, row] = result[row, column]
      }
    }
  }
}
