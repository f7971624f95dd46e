import Clustering
import Core
import Embeddings
import Features
import Foundation

extension ModelBundle {
  /// Trains extractors and a first clustering on the same units.
  ///
  /// - Throws: `FeatureError`, also when the clustering was cancelled.
  package static func train(
    _ units: [TrainingUnit], configuration: Configuration, selection: String? = nil,
    image: (encoder: ImageEncoder, method: String)? = nil, keys: Keys? = nil,
    cancelled: @escaping () -> Bool = { false }, progress: @escaping (String) -> Void
  ) throws -> ModelBundle {
    let features = configuration.features
    let bundle = try train(
      units, features: features, seed: configuration.clustering.seed,
      software: softwareVersion, selection: selection, image: image,
      checkpoints: configuration.state.bundles,
      view: {
        try BlockCentroids.view(
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
    var files = [FrozenClustering.fileName: try encoded.encode(FrozenClustering(fit))]
    if let keys {
      files[TrainingStudies.fileName] = TrainingStudies(units.map(\.study), keys: keys).data
    }
    return try bundle.attaching(files)
  }
}
