import Core
import Foundation

/// Clusterings and the permanent clusters.
package protocol Generations: AnyObject {
  /// Newest first.
  func generations() throws -> [GenerationRecord]

  /// Centres in the order of their positions.
  func centroids(generation: Int) throws -> [CentroidRecord]

  func save(_ generation: GenerationRecord, _ centroids: [CentroidRecord]) throws

  func saveOnline(generation: Int, position: Int, vector: [Float], weights: [Double]) throws

  func clusters() throws -> [ClusterRecord]

  /// - Returns: the new permanent cluster's number; numbers are never given twice.
  func makeCluster(generation: Int) throws -> Int

  func retire(cluster: Int, generation: Int, successor: Int) throws

  /// Today's cluster of any label that was ever given.
  func resolve(cluster: Int) throws -> Int?

  /// The clusters of a generation and how many units formed each.
  func occupancies(generation: Int) throws -> [(cluster: Int, units: Int)]
}

/// One centre of a generation.
package struct CentroidRecord: Sendable {
  /// Permanent cluster.
  package var cluster: Int
  /// As the full fit left it.
  package var vector: [Float]
  /// Units that formed it, the RMS distance of those units, and the distance beyond which a unit is novel.
  package var occupancy: Int
  package var radius: Double
  package var novelty: Double
  /// As mini-batch updates have moved it since, and the weight of each of its blocks.
  package var onlineVector: [Float]
  package var weights: [Double]

  package init(
    cluster: Int, vector: [Float], occupancy: Int, radius: Double, novelty: Double,
    onlineVector: [Float], weights: [Double]
  ) {
    self.cluster = cluster
    self.vector = vector
    self.occupancy = occupancy
    self.radius = radius
    self.novelty = novelty
    self.onlineVector = onlineVector
    self.weights = weights
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
  /// The drift figures of the recluster that made it, as JSON.
  package var figures: String

  package init(
    number: Int, time: String, bundle: String, reason: String, units: Int, inertia: Double,
    figures: String
  ) {
    self.number = number
    self.time = time
    self.bundle = bundle
    self.reason = reason
    self.units = units
    self.inertia = inertia
    self.figures = figures
  }
}

/// One permanent cluster.
package struct ClusterRecord: Sendable {
  package var id: Int
  /// Generation in which it appeared.
  package var born: Int
  /// Generation in which it ended, and what its label resolves to since.
  package var retired: Int?
  package var successor: Int?
  package var name: String?
  package var trust: String

  /// `c0017`
  package static func label(_ id: Int) -> String {
    let digits = String(id)
    return "c" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
