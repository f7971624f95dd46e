import Core
import Foundation

/// Chooses the number of clusters: the one whose fit of a sample has the largest mean silhouette.
package struct ClusterCount: Sendable {
  package struct Step: Sendable, Equatable {
    package var k: Int
    package var silhouette: Double
  }

  /// The numbers tried, ascending.
  package let curve: [Step]
  package let best: Int

  /// Points to fit, and points whose silhouettes are measured.
  private static let sampleSize = 5_000
  private static let judged = 1_500
  private static let steps = 10
  /// Minimum gain over the present number: clusters should not change without reason.
  private static let margin = 0.01

  /// - Parameters:
  ///   - range: the smallest and the largest number; up to ten, in geometric steps, are tried.
  ///   - present: the number in force, which is also tried, and kept unless another is clearly better.
  ///   - kMeans: fits each number of clusters; its own `k` is ignored.
  /// - Returns: `nil` when cancelled.
  package init?(
    _ points: Points, in range: ClosedRange<Int>, present: Int? = nil, by kMeans: KMeans,
    cancelled: () -> Bool = { false }
  ) {
    var generator = SeededGenerator(seed: kMeans.seed)
    let rows = (0..<points.count).shuffled(using: &generator)
    let sample = points.subset(rows.prefix(Self.sampleSize))
    let judged = points.subset(rows.prefix(Self.judged))
    // More clusters than a third of the sample would be clusters of two or three.
    let largest = max(2, min(range.upperBound, sample.count / 3))
    let smallest = min(range.lowerBound, largest)
    let ratio = Double(largest) / Double(smallest)
    var numbers = Set(
      (0..<Self.steps).map { step in
        Int((Double(smallest) * pow(ratio, Double(step) / Double(Self.steps - 1))).rounded())
      })
    if let present, (smallest...largest).contains(present) { numbers.insert(present) }
    var curve: [Step] = []
    for k in numbers.sorted() {
      var kMeans = kMeans
      kMeans.k = k
      guard let fit = kMeans.fit(sample, cancelled: cancelled) else { return nil }
      let labels = Array(fit.labels.prefix(judged.count))
      curve.append(Step(k: k, silhouette: Silhouette.mean(judged, labels: labels) ?? -1))
    }
    self.curve = curve
    let top = curve.max { $0.silhouette < $1.silhouette }
    let now = curve.first { $0.k == present }
    best =
      if let now, let top, top.silhouette - now.silhouette < Self.margin { now.k } else {
        top?.k ?? smallest
      }
  }
}
