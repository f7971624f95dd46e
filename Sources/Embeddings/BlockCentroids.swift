import Clustering
import Core
import Features

/// One block's own clustering, from whose centres a unit can be seen.
package enum BlockCentroids {
  /// - Parameters:
  ///   - vectors: of the training units that have the block.
  ///   - clusters: centres at most.
  /// - Returns: `nil` for the fusion of plain embeddings, and for a block without enough vectors.
  package static func view(
    _ vectors: [[Float]], _ fusion: Configuration.Fusion, clusters: Int, seed: UInt64
  ) throws -> CentroidView? {
    guard fusion != .embeddings, let length = vectors.first?.count, vectors.count >= 2
    else { return nil }
    var points = Points(layout: BlockLayout(lengths: [length, 0, 0], weights: [1, 0, 0]))
    points.reserve(vectors.count)
    for vector in vectors { points.append(Embedding(values: vector, mask: BlockMask(.image))) }
    let kMeans = KMeans(k: clusters, restarts: 2, seed: seed)
    guard let fit = kMeans.fit(points) else { throw FeatureError("clustering was cancelled") }
    return CentroidView(
      fusion, centers: fit.centroids.values, length: length,
      meanSquare: fit.inertia / Double(vectors.count))
  }
}
