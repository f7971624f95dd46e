import Core
import Foundation

/// Generations and the permanent clusters.
package protocol Generations: AnyObject {
  /// Every generation, newest first.
  func generations() throws -> [GenerationRecord]

  /// A generation's centroids in order of position.
  func centroids(generation: Int) throws -> [CentroidRecord]

  /// Adds a generation with its centroids, in order of position.
  func save(_ generation: GenerationRecord, _ centroids: [CentroidRecord]) throws

  /// Replaces the online vector of a centroid and its weights, one per block.
  func saveOnline(generation: Int, position: Int, vector: [Float], weights: [Double]) throws

  /// Every permanent cluster, retired ones included, in order of number.
  func clusters() throws -> [ClusterRecord]

  /// - Returns: the new permanent cluster's number; numbers are never reused.
  func makeCluster(generation: Int) throws -> Int

  /// Ends a cluster in a generation; its label resolves to `successor` from then on.
  func retire(cluster: Int, generation: Int, successor: Int) throws

  /// The current cluster for any label ever assigned: itself, or the one that holds most of the units that had the
  /// label, or its successor if there are none; `nil` if no such cluster exists.
  func resolve(cluster: Int) throws -> Int?

  /// The clusters of a generation with the number of units that formed each, in order of cluster number.
  func occupancies(generation: Int) throws -> [(cluster: Int, units: Int)]
}

/// One centroid of a generation.
package struct CentroidRecord: Sendable {
  /// Permanent cluster.
  package var cluster: Int
  /// As fitted.
  package var vector: [Float]
  /// Units that formed it, the RMS distance of those units, and the distance beyond which a unit is novel.
  package var occupancy: Int
  package var radius: Double
  package var novelty: Double
  /// As moved by mini-batch updates since, and the weight of each of its blocks.
  package var onlineVector: [Float]
  package var weights: [Double]
  /// The weight of each block of `vector`, as fitted.
  package var referenceWeights: [Double]

  package init(
    cluster: Int, vector: [Float], occupancy: Int, radius: Double, novelty: Double,
    onlineVector: [Float], weights: [Double], referenceWeights: [Double]
  ) {
    self.cluster = cluster
    self.vector = vector
    self.occupancy = occupancy
    self.radius = radius
    self.novelty = novelty
    self.onlineVector = onlineVector
    self.weights = weights
    self.referenceWeights = referenceWeights
  }
}

/// One clustering over one bundle.
package struct GenerationRecord: Sendable {
  package var number: Int
  package var time: String
  package var bundle: String
  package var reason: String
  /// Units of the full fit.
  package var units: Int
  package var inertia: Double
  /// The drift metrics of the recluster that made it, as JSON.
  package var figures: String
  /// How many more clusters it has than configured, because reviewers proposed to split or merge some.
  package var addedClusters: Int

  package init(
    number: Int, time: String, bundle: String, reason: String, units: Int, inertia: Double,
    figures: String, addedClusters: Int = 0
  ) {
    self.number = number
    self.time = time
    self.bundle = bundle
    self.reason = reason
    self.units = units
    self.inertia = inertia
    self.figures = figures
    self.addedClusters = addedClusters
  }
}

/// One permanent cluster.
package struct ClusterRecord: Sendable {
  package var id: Int
  /// Generation in which it appeared.
  package var born: Int
  /// Generation in which it ended, and the cluster that its label has resolved to since.
  package var retired: Int?
  package var successor: Int?
  package var name: String?
  package var trust: String

  /// A cluster's label, such as `c0017`.
  package static func label(_ id: Int) -> String {
    let digits = String(id)
    return "c" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
