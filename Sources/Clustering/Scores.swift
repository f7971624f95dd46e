import Foundation

/// A class together with a cluster.
private struct Cell: Hashable {
  var truth: Int
  var cluster: Int
}

/// How well a clustering agrees with a truth (Rosenberg and Hirschberg 2007), natural logarithms, the
/// definitions of scikit-learn.
public struct Agreement: Sendable {
  /// 1 − H(truth | cluster) / H(truth): 1 when every cluster holds one class only.
  public let homogeneity: Double
  /// 1 − H(cluster | truth) / H(cluster).
  public let completeness: Double
  /// I(truth; cluster), in nats.
  public let mutualInformation: Double
  /// Mutual information over the arithmetic mean of the entropies.
  public let normalizedMutualInformation: Double

  public init<Truth: Hashable>(truth: [Truth], clusters: [Int]) {
    precondition(truth.count == clusters.count)
    let classes = Dictionary(zip(truth, 1...), uniquingKeysWith: { first, _ in first })
    var cells: [Cell: Int] = [:]
    var byTruth: [Int: Int] = [:]
    var byCluster: [Int: Int] = [:]
    for (value, cluster) in zip(truth, clusters) {
      let label = classes[value] ?? 0
      cells[Cell(truth: label, cluster: cluster), default: 0] += 1
      byTruth[label, default: 0] += 1
      byCluster[cluster, default: 0] += 1
    }
    let n = Double(truth.count)
    func entropy(_ counts: Dictionary<Int, Int>.Values) -> Double {
      -counts.sorted().reduce(0) { $0 + Double($1) / n * log(Double($1) / n) }
    }
    let truthEntropy = entropy(byTruth.values)
    let clusterEntropy = entropy(byCluster.values)
    let ordered = cells.sorted { ($0.key.truth, $0.key.cluster) < ($1.key.truth, $1.key.cluster) }
    let information = ordered.reduce(0.0) { sum, cell in
      let joint = Double(cell.value) / n
      let a = Double(byTruth[cell.key.truth] ?? 0) / n
      let b = Double(byCluster[cell.key.cluster] ?? 0) / n
      return sum + joint * log(joint / (a * b))
    }
    mutualInformation = max(0, information)
    homogeneity = truthEntropy > 0 ? mutualInformation / truthEntropy : 1
    completeness = clusterEntropy > 0 ? mutualInformation / clusterEntropy : 1
    let mean = (truthEntropy + clusterEntropy) / 2
    normalizedMutualInformation = mean > 0 ? mutualInformation / mean : 1
  }
}
