import Clustering
import Core
import Features
import Foundation

/// A full fit with the reference metrics that later ones are compared with. In a bundle it is the file
/// `clustering.json`, from which the first generation opens.
package struct FrozenClustering: Sendable, Codable {
  package static let fileName = "clustering.json"

  package let k: Int
  package let vectors: FloatArray
  /// `k` × number of blocks, row-major.
  package let weights: [Double]
  package let occupancy: [Int]
  package let radii: [Double]
  package let novelty: [Double]
  package let inertia: Double

  /// Clusters with fewer members use the novelty limit of all units together.
  package static let fewest = 30

  package init(_ fit: KMeans.Result) {
    k = fit.centroids.k
    vectors = FloatArray(fit.centroids.values)
    weights = fit.centroids.weights
    occupancy = Clustering.occupancy(fit.labels, k: fit.centroids.k)
    radii = DriftMetrics.radii(labels: fit.labels, distances: fit.distances, k: fit.centroids.k)
    inertia = fit.inertia
    var members = [[Float]](repeating: [], count: fit.centroids.k)
    for (label, distance) in zip(fit.labels, fit.distances) { members[label].append(distance) }
    let overall = Self.limit(fit.distances)
    novelty = members.map { $0.count >= Self.fewest ? Self.limit($0) : overall }
  }

  /// An earlier generation's centroids with the current units.
  ///
  /// - Parameter result: the current units assigned to its reference.
  package init(_ generation: LiveGeneration, _ result: KMeans.Result) {
    k = generation.reference.k
    vectors = FloatArray(generation.reference.values)
    weights = generation.reference.weights
    occupancy = Clustering.occupancy(result.labels, k: generation.reference.k)
    radii = generation.radii
    novelty = generation.novelty
    inertia = result.inertia
  }

  package func centroids(_ layout: BlockLayout) -> Centroids {
    Centroids(layout: layout, k: k, values: vectors.values, weights: weights)
  }

  /// The 99th percentile.
  private static func limit(_ distances: [Float]) -> Double {
    let sorted = distances.sorted()
    return sorted.isEmpty ? 0 : Double(sorted[min(sorted.count - 1, sorted.count * 99 / 100)])
  }
}

extension ModelBundle {
  /// The clustering that came with the bundle.
  ///
  /// - Throws: `FeatureError` when the bundle has none; `DecodingError`.
  package func clustering() throws -> FrozenClustering {
    guard let data = attachments[FrozenClustering.fileName] else {
      throw FeatureError("bundle \(hash) has no \(FrozenClustering.fileName); train it again")
    }
    return try JSONDecoder().decode(FrozenClustering.self, from: data)
  }
}
