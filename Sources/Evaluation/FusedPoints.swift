import Clustering
import Core
import Features

/// The points of one arrangement, some of which are fitted.
struct FusedPoints: Sendable {
  let all: Points
  private let fitted: Points
  /// Distances between the fitted points, for k-medoids.
  private let distances: Matrix<Float>?

  /// - Parameters:
  ///   - blocks: vectors by block and unit; `nil` for a block that doesn't take part, and for a unit that lacks it.
  ///   - rows: indices of the units that fusion and clusterings are fitted on.
  ///   - views: by block.
  init(
    _ blocks: [[[Float]?]?], fittedOn rows: [Int], weights: [Double], views: [CentroidView?],
    for grouping: Grouping
  ) {
    let count = blocks.compactMap { $0?.count }.max() ?? 0
    let units = (0..<count).map { unit in blocks.map { $0?[unit] } }
    let fusion = Fusion(
      fitting: rows.map { units[$0] },
      lengths: blocks.map { $0?.lazy.compactMap { $0?.count }.first ?? 0 }, weights: weights,
      views: views)
    var all = Points(layout: fusion.layout)
    all.reserve(count)
    for unit in units { all.append(fusion.fuse(unit)) }
    var fitted = Points(layout: fusion.layout)
    fitted.reserve(rows.count)
    for row in rows { fitted.append(all[row]) }
    self.all = all
    self.fitted = fitted
    distances = grouping == .kMedoids ? fitted.pairwiseDistances() : nil
  }

  /// Clusters the fitted points and assigns all.
  ///
  /// - Parameter components: leading principal components for k-means.
  func labels(k: Int, components: Int, seed: UInt64) -> [Int] {
    // A fit that can't be cancelled always returns a result.
    guard let distances else {
      let kMeans = KMeans(k: k, restarts: 4, seed: seed, components: components)
      return kMeans.fit(fitted)!.centroids.assign(all).labels
    }
    let fit = KMedoids(k: k, restarts: 4, seed: seed).fit(distances)!
    let centroids = Centroids(
      layout: fitted.layout, k: fit.medoids.count,
      values: fit.medoids.flatMap { fitted[$0].values },
      weights: [Double](repeating: 1, count: fit.medoids.count * Block.allCases.count))
    return centroids.assign(all).labels
  }
}
