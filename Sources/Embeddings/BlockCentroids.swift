import Clustering
import Core
import Features

/// A clustering of one block alone, whose centroids give a view of a unit.
package enum BlockCentroids {
  /// - Parameters:
  ///   - vectors: of the training units that have the block.
  ///   - clusters: number of centroids at most.
  /// - Returns: `nil` for the fusion of plain embeddings, and for a block with fewer than two vectors.
  /// - Throws: `FeatureError` when the clustering was cancelled.
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
