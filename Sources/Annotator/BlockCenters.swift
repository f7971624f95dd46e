import Clustering
import Core
import Features

/// One block's own clustering, from whose centres a unit can be seen.
enum BlockCenters {
  /// - Returns: `nil` for the fusion of plain embeddings, and for a block without enough vectors.
  static func view(_ vectors: [[Float]], _ features: Configuration.Features, seed: UInt64) throws
    -> CenterView?
  {
    guard features.fusion != .embeddings, let length = vectors.first?.count, vectors.count >= 2
    else { return nil }
    var points = Points(layout: BlockLayout(lengths: [length, 0, 0], weights: [1, 0, 0]))
    points.reserve(vectors.count)
    for vector in vectors { points.append(Embedding(values: vector, mask: BlockMask(.image))) }
    let kMeans = KMeans(k: features.fusionClusters, seeds: 2, seed: seed)
    guard let fit = kMeans.fit(points) else { throw FeatureError("clustering was cancelled") }
    return CenterView(
      features.fusion, centers: fit.centroids.values, length: length,
      meanSquare: fit.inertia / Double(vectors.count))
  }
}
