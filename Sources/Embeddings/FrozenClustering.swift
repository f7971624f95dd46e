import Clustering
import Core
import Features
import Foundation

/// A full fit with the reference figures that later figures are measured against. In a bundle it is the
/// file `clustering.json`, from which a first generation opens.
package struct FrozenClustering: Sendable, Codable {
  package static let fileName = "clustering.json"

  package let k: Int
  package let vectors: FloatArray
  /// k × number of blocks
  package let weights: [Double]
  package let occupancy: [Int]
  package let radii: [Double]
  package let novelty: [Double]
  package let inertia: Double

  /// Clusters with fewer members take their novelty limit from all members together.
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

  /// An earlier generation's.
  package init(_ generation: LiveGeneration, inertia: Double) {
    k = generation.reference.k
    vectors = FloatArray(generation.reference.values)
    weights = generation.reference.weights
    occupancy = generation.occupancy
    radii = generation.radii
    novelty = generation.novelty
    self.inertia = inertia
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
  /// - Throws: `FeatureError` when there is none.
  package func clustering() throws -> FrozenClustering {
    guard let data = attachments[FrozenClustering.fileName] else {
      throw FeatureError("bundle \(hash) has no \(FrozenClustering.fileName); train it anew")
    }
    return try JSONDecoder().decode(FrozenClustering.self, from: data)
  }
}
