import Clustering
import Core
import Store

/// The generation in force: its frozen reference and the centroids that follow the stream.
package struct LiveGeneration: Sendable {
  package let number: Int
  package let bundle: String
  /// Permanent cluster of each position.
  package let clusters: [Int]
  /// As fitted.
  package let reference: Centroids
  /// Units of the full fit by position.
  package let occupancy: [Int]
  package let radii: [Double]
  /// Distance beyond which a unit is novel, by position.
  package let novelty: [Double]
  /// Moved by mini-batch updates.
  package var online: Centroids

  package init(
    number: Int, bundle: String, clusters: [Int], clustering: FrozenClustering, layout: BlockLayout
  ) {
    let centroids = clustering.centroids(layout)
    self.number = number
    self.bundle = bundle
    self.clusters = clusters
    reference = centroids
    occupancy = clustering.occupancy
    radii = clustering.radii
    novelty = clustering.novelty
    online = centroids
  }

  /// Reads a generation from a store, with its bundle's layout.
  ///
  /// - Throws: `StoreError`.
  package init(_ generation: GenerationRecord, layout: BlockLayout, store: any Store) throws {
    let records = try store.centroids(generation: generation.number)
    func centroids(
      _ vector: (CentroidRecord) -> [Float], _ weights: (CentroidRecord) -> [Double]
    ) -> Centroids {
      Centroids(
        layout: layout, k: records.count, values: records.flatMap(vector),
        weights: records.flatMap(weights))
    }
    number = generation.number
    bundle = generation.bundle
    clusters = records.map(\.cluster)
    occupancy = records.map(\.occupancy)
    radii = records.map(\.radius)
    novelty = records.map(\.novelty)
    reference = centroids(\.vector, \.referenceWeights)
    online = centroids(\.onlineVector, \.weights)
  }

  /// Radii of the clusters with members enough to tell; 0 for the others.
  package var driftRadii: [Double] { zip(radii, occupancy).map { $1 >= 5 ? $0 : 0 } }

  /// Position by permanent cluster.
  package var positions: [Int: Int] { Dictionary(uniqueKeysWithValues: zip(clusters, 0...)) }

  /// Writes a new generation.
  ///
  /// - Throws: `StoreError`.
  package func save(
    to store: any Store, time: String, reason: String, inertia: Double, figures: JSON,
    addedClusters: Int = 0
  ) throws {
    let records = clusters.indices.map { position in
      CentroidRecord(
        cluster: clusters[position], vector: Array(reference.row(position)),
        occupancy: occupancy[position], radius: radii[position], novelty: novelty[position],
        onlineVector: Array(online.row(position)), weights: online.weights(of: position),
        referenceWeights: reference.weights(of: position))
    }
    try store.save(
      GenerationRecord(
        number: number, time: time, bundle: bundle, reason: reason, units: occupancy.reduce(0, +),
        inertia: inertia, figures: figures.encoded, addedClusters: addedClusters), records)
  }

  /// Updates the online centroids with one batch of new units and writes those that changed.
  ///
  /// - Throws: `StoreError`.
  package mutating func learn(
    _ units: [(embedding: Embedding, position: Int)], halfLife: Double, store: any Store
  ) throws {
    let changed = online.update(
      units.map(\.embedding), labels: units.map(\.position), halfLife: halfLife)
    for position in changed {
      try store.saveOnline(
        generation: number, position: position, vector: Array(online.row(position)),
        weights: online.weights(of: position))
    }
  }
}
