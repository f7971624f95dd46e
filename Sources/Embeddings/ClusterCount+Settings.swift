import Clustering
import Core

extension Configuration.Clustering {
  /// k-means with the configured number of clusters, or with the number that suits the points best.
  ///
  /// - Parameters:
  ///   - present: the number of clusters in force.
  ///   - added: how many more clusters reviewers proposed than a fixed number.
  /// - Returns: also the curve by which the number was chosen, empty if it is configured; `nil` when cancelled.
  package func kMeans(
    for points: Points, seed: UInt64, present: Int? = nil, added: Int = 0,
    cancelled: () -> Bool = { false }
  ) -> (kMeans: KMeans, curve: [ClusterCount.Step])? {
    switch k {
    case .fixed(let k): return (kMeans(max(1, k + added), seed), [])
    case .auto(let range):
      guard
        let count = ClusterCount(
          points, in: range, present: present, by: kMeans(range.upperBound, seed),
          cancelled: cancelled)
      else { return nil }
      return (kMeans(count.best, seed), count.curve)
    }
  }

  private func kMeans(_ k: Int, _ seed: UInt64) -> KMeans {
    KMeans(k: k, restarts: restarts, seed: seed, components: components)
  }
}
