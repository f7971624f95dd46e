import Clustering
import Core
import Features
import Foundation

/// A full fit with the reference figures that later figures are measured against. In a bundle it is the
/// file `clustering.json`, from which a first generation opens.
struct FrozenClustering: Sendable, Codable {
  static let fileName = "clustering.json"

  let k: Int
  let vectors: FloatArray
  /// k × number of blocks
  let weights: [Double]
  let occupancy: [Int]
  let radii: [Double]
  let novelty: [Double]
  let inertia: Double

  /// Clusters with fewer members take their novelty limit from all members together.
  static let fewest = 30

  init(_ fit: KMeans.Result) {
    k = fit.centroids.k
    vectors = FloatArray(fit.centroids.values)
    weights = fit.centroids.weights
    occupancy = Clustering.occupancy(fit.labels, k: fit.centroids.k)
    radii = DriftFigures.radii(labels: fit.labels, distances: fit.distances, k: fit.centroids.k)
    inertia = fit.inertia
    var members = [[Float]](repeating: [], count: fit.centroids.k)
    for (label, distance) in zip(fit.labels, fit.distances) { members[label].append(distance) }
    let overall = Self.limit(fit.distances)
    novelty = members.map { $0.count >= Self.fewest ? Self.limit($0) : overall }
  }

  /// An earlier generation's.
  init(_ generation: LiveGeneration, inertia: Double) {
    k = generation.reference.k
    vectors = FloatArray(generation.reference.values)
    weights = generation.reference.weights
    occupancy = generation.occupancy
    radii = generation.radii
    novelty = generation.novelty
    self.inertia = inertia
  }

  func centroids(_ layout: BlockLayout) -> Centroids {
    Centroids(layout: layout, k: k, values: vectors.values, weights: weights)
  }

  /// The 99th percentile.
  private static func limit(_ distances: [Float]) -> Double {
    let sorted = distances.sorted()
    return sorted.isEmpty ? 0 : Double(sorted[min(sorted.count - 1, sorted.count * 99 / 100)])
  }
}

extension ModelBundle {
  /// Trains extractors and a first clustering on the same units.
  static func train(
    _ units: [TrainingUnit], configuration: Configuration, selection: String? = nil,
    image: (encoder: ImageEncoder, method: String)? = nil,
    cancelled: @escaping () -> Bool = { false }, progress: @escaping (String) -> Void
  ) throws -> ModelBundle {
    let features = configuration.features
    let bundle = try train(
      units, features: features, seed: configuration.clustering.seed,
      software: softwareVersion, selection: selection, image: image,
      checkpoints: configuration.state.bundles,
      view: {
        try BlockCenters.view(
          $0, features.fusion, clusters: features.fusionClusters,
          seed: configuration.clustering.seed)
      },
      cancelled: cancelled, progress: progress)
    let encoder = try UnitEncoder(bundle)
    var points = Points(layout: bundle.fusion.layout)
    points.reserve(units.count)
    for embedding in try mapInParallel(units, { try encoder.embed($0) }) {
      points.append(embedding)
    }
    let settings = configuration.clustering
    guard
      let (kMeans, curve) = settings.kMeans(for: points, seed: settings.seed, cancelled: cancelled)
    else { throw FeatureError("clustering was cancelled") }
    for step in curve {
      progress("clustering: k = \(step.k), silhouette \(Float(step.silhouette))")
    }
    progress("clustering: k-means, k = \(kMeans.k), \(units.count) units")
    guard let fit = kMeans.fit(points, cancelled: cancelled) else {
      throw FeatureError("clustering was cancelled")
    }
    let encoded = JSONEncoder()
    encoded.outputFormatting = [.sortedKeys]
    return try bundle.attaching([
      FrozenClustering.fileName: try encoded.encode(FrozenClustering(fit))
    ])
  }

  /// The clustering that came with the bundle.
  ///
  /// - Throws: `FeatureError` when there is none.
  func clustering() throws -> FrozenClustering {
    guard let data = attachments[FrozenClustering.fileName] else {
      throw FeatureError("bundle \(hash) has no \(FrozenClustering.fileName); train it anew")
    }
    return try JSONDecoder().decode(FrozenClustering.self, from: data)
  }
}
