import Foundation

/// How well a clustering agrees with a ground truth, or with another clustering: scikit-learn's definitions, natural
/// logarithms.
package struct Agreement: Sendable {
  /// 1 − H(truth | cluster) / H(truth): 1 when every cluster holds one class only (Rosenberg and Hirschberg
  /// 2007).
  package let homogeneity: Double
  /// 1 − H(cluster | truth) / H(cluster).
  package let completeness: Double
  /// I(truth; cluster), in nats.
  package let mutualInformation: Double
  /// Mutual information over the arithmetic mean of the entropies.
  package let normalizedMutualInformation: Double
  private let meanEntropy: Double
  private let table: ContingencyTable

  package init<Truth: Hashable>(truth: [Truth], clusters: [Int]) {
    table = ContingencyTable(truth, clusters)
    let truthEntropy = Self.entropy(table.rows)
    let clusterEntropy = Self.entropy(table.columns)
    mutualInformation = max(0, table.information)
    homogeneity = truthEntropy > 0 ? mutualInformation / truthEntropy : 1
    completeness = clusterEntropy > 0 ? mutualInformation / clusterEntropy : 1
    meanEntropy = (truthEntropy + clusterEntropy) / 2
    normalizedMutualInformation = meanEntropy > 0 ? mutualInformation / meanEntropy : 1
  }

  /// The harmonic mean of homogeneity and completeness.
  package var vMeasure: Double {
    let sum = homogeneity + completeness
    return sum > 0 ? 2 * homogeneity * completeness / sum : 0
  }

  /// Mutual information adjusted for chance (Vinh, Epps and Bailey 2010), arithmetic mean: 0 is chance, 1 the same
  /// partition.
  package var adjustedMutualInformation: Double {
    switch (table.rows.count, table.columns.count) {
    case (0, _), (1, 1): return 1
    case (1, _), (_, 1): return 0
    default: break
    }
    // Where expectation and maximum meet, rounding must not make 0 / 0.
    func away(_ value: Double) -> Double {
      value < 0 ? min(value, -.ulpOfOne) : max(value, .ulpOfOne)
    }
    let expected = table.expectedInformation
    return away(mutualInformation - expected) / away(meanEntropy - expected)
  }

  /// Share of pairs on which both agree, adjusted for chance (Hubert and Arabie 1985).
  package var adjustedRandIndex: Double {
    func pairs(_ counts: [Int]) -> Double {
      counts.reduce(0) { $0 + Double($1) * Double($1) }
    }
    let count = Double(table.count)
    let same = pairs(table.cells.map(\.count))
    let falsePositive = pairs(table.columns) - same
    let falseNegative = pairs(table.rows) - same
    guard falsePositive != 0 || falseNegative != 0 else { return 1 }
    let positive = same - count
    let negative = count * count - falsePositive - falseNegative - same
    return 2 * (positive * negative - falseNegative * falsePositive)
      / ((positive + falseNegative) * (falseNegative + negative)
        + (positive + falsePositive) * (falsePositive + negative))
  }

  private static func entropy(_ counts: [Int]) -> Double {
    let total = Double(counts.reduce(0, +))
    return -counts.sorted().reduce(0) { $0 + Double($1) / total * log(Double($1) / total) }
  }
}

/// How often each class occurs in each cluster.
private struct ContingencyTable: Sendable {
  struct Cell: Hashable {
    var row: Int
    var column: Int
  }

  let count: Int
  /// Members of each class and of each cluster.
  let rows: [Int]
  let columns: [Int]
  /// The non-empty cells, in order.
  let cells: [(cell: Cell, count: Int)]

  init<Truth: Hashable>(_ truth: [Truth], _ clusters: [Int]) {
    precondition(truth.count == clusters.count)
    var classes: [Truth: Int] = [:]
    var places: [Int: Int] = [:]
    var rows: [Int] = []
    var columns: [Int] = []
    var cells: [Cell: Int] = [:]
    for (value, cluster) in zip(truth, clusters) {
      let row = classes[value] ?? rows.count
      let column = places[cluster] ?? columns.count
      if row == rows.count { rows.append(0) }
      if column == columns.count { columns.append(0) }
      classes[value] = row
      places[cluster] = column
      rows[row] += 1
      columns[column] += 1
      cells[Cell(row: row, column: column), default: 0] += 1
    }
    count = truth.count
    self.rows = rows
    self.columns = columns
    self.cells = cells.sorted { ($0.key.row, $0.key.column) < ($1.key.row, $1.key.column) }
      .map { (cell: $0.key, count: $0.value) }
  }

  var information: Double {
    let total = Double(count)
    return cells.reduce(0) { sum, entry in
      let joint = Double(entry.count) / total
      let a = Double(rows[entry.cell.row]) / total
      let b = Double(columns[entry.cell.column]) / total
      return sum + joint * log(joint / (a * b))
    }
  }

  /// Expected information of all tables with these margins, hypergeometric.
  var expectedInformation: Double {
    // ln n!
    var factorials = [0.0]
    for n in 1...max(1, count) { factorials.append(factorials[n - 1] + log(Double(n))) }
    let total = Double(count)
    var sum = 0.0
    for a in rows {
      for b in columns {
        var fixed = factorials[a] + factorials[b] - factorials[count]
        fixed += factorials[count - a] + factorials[count - b]
        for n in stride(from: max(1, a - count + b), through: min(a, b), by: 1) {
          var chance = fixed - factorials[n] - factorials[a - n]
          chance -= factorials[b - n] + factorials[count - a - b + n]
          let share = Double(n) / total
          sum += share * log(share * total * total / (Double(a) * Double(b))) * exp(chance)
        }
      }
    }
    return sum
  }
}
