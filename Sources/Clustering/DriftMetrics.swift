import Core
import Foundation

/// Metrics of how far the archive has drifted. See docs/drift.md for how to read them.
package enum DriftMetrics {
  /// Population stability index of cluster occupancy: Σ (p − q) ln (p / q) over the clusters, half a unit
  /// added to every count. Its expectation without drift is about (k − 1)(1/n + 1/m).
  ///
  /// - Parameters:
  ///   - reference, window: units in each cluster.
  package static func populationStabilityIndex(reference: [Int], window: [Int]) -> Double {
    precondition(reference.count == window.count)
    let half = 0.5 * Double(reference.count)
    let n = Double(reference.reduce(0, +)) + half
    let m = Double(window.reduce(0, +)) + half
    return zip(reference, window).reduce(0) { sum, counts in
      let p = (Double(counts.0) + 0.5) / n
      let q = (Double(counts.1) + 0.5) / m
      return sum + (p - q) * log(p / q)
    }
  }

  /// (k − 1)(1/n + 1/m): the expected index of two samples of one population.
  package static func expectedStabilityIndex(reference: [Int], window: [Int]) -> Double {
    let n = Double(max(1, reference.reduce(0, +)))
    let m = Double(max(1, window.reduce(0, +)))
    return Double(reference.count - 1) * (1 / n + 1 / m)
  }

  /// How far each surviving cluster's centroid moved, in units of its old RMS radius.
  ///
  /// - Parameter radii: RMS distance of the members to the old centroids; a zero radius gives `nil`.
  /// - Returns: by old index, `nil` where the cluster did not survive.
  package static func displacement(
    _ old: Centroids, _ new: Centroids, lineage: Lineage, radii: [Double]
  ) -> [Double?] {
    lineage.endings.enumerated().map { index, ending in
      guard ending.fate == .survived, radii[index] > 0 else { return nil }
      let centre = Embedding(values: Array(new.row(ending.successor)), mask: .all)
      return old.squaredDistance(centre, to: index).squareRoot() / radii[index]
    }
  }

  /// Share of units whose permanent cluster changed.
  package static func churn(old: [Int], new: [Int], lineage: Lineage) -> Double {
    guard !old.isEmpty else { return 0 }
    let stayed = zip(old, new).filter { lineage.identity[$1] == $0 }.count
    return 1 - Double(stayed) / Double(old.count)
  }

  /// Inertia with each member measured from the mean of the other members, n / (n − 1) times as far away as its own.
  /// A cluster's only member counts once: there is no other centroid to compare it with.
  ///
  /// - Parameters:
  ///   - occupancy: members of each cluster.
  ///   - isMember: whether the centroids were fitted on a unit.
  package static func heldOutInertia(
    _ labels: [Int], _ distances: [Float], occupancy: [Int], isMember: (Int) -> Bool
  ) -> Double {
    var sum = 0.0
    for (unit, label) in labels.enumerated() {
      let members = Double(occupancy[label])
      let factor = isMember(unit) && members > 1 ? members / (members - 1) : 1
      let distance = Double(distances[unit]) * factor
      sum += distance * distance
    }
    return sum
  }

  /// RMS distance of each cluster's members to its centroid.
  package static func radii(labels: [Int], distances: [Float], k: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: k)
    var counts = [Double](repeating: 0, count: k)
    for (label, distance) in zip(labels, distances) {
      sums[label] += Double(distance) * Double(distance)
      counts[label] += 1
    }
    return zip(sums, counts).map { $1 > 0 ? ($0 / $1).squareRoot() : 0 }
  }
}

/// Occurrences of each label.
package func occupancy(_ labels: [Int], k: Int) -> [Int] {
  labels.reduce(into: [Int](repeating: 0, count: k)) { $0[$1] += 1 }
}
