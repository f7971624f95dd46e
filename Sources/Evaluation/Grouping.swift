import Clustering
import Core

/// A clustering method of the experiment.
enum Grouping: String, CaseIterable, Sendable {
  case kMeans = "k-means"
  case kMedoids = "k-medoids"

  /// Fits some points and assigns all.
  func labels(_ points: Points, fittedOn fitted: [Int], k: Int, seed: UInt64) -> [Int] {
    var training = Points(layout: points.layout)
    training.reserve(fitted.count)
    for index in fitted { training.append(points[index]) }
    switch self {
    case .kMeans:
      // Without a question to cancel it, a fit always ends.
      return KMeans(k: k, seeds: 4, seed: seed).fit(training)!.centroids.assign(points).labels
    case .kMedoids:
      let fit = KMedoids(k: k, seeds: 4, seed: seed).fit(training)!
      let centroids = Centroids(
        layout: points.layout, k: fit.medoids.count,
        values: fit.medoids.flatMap { training[$0].values },
        weights: [Double](repeating: 1, count: fit.medoids.count * Block.allCases.count))
      return centroids.assign(points).labels
    }
  }
}
