import Core
import Foundation

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

extension Store {
  /// Newest first.
  package func generations() throws -> [GenerationRecord] {
    var records: [GenerationRecord] = []
    try database.run(
      """
      SELECT number, time, bundle, reason, units, inertia, figures FROM generation ORDER BY number DESC
      """
    ) {
      records.append(
        GenerationRecord(
          number: $0.int(0), time: $0.text(1), bundle: $0.text(2), reason: $0.text(3),
          units: $0.int(4), inertia: $0.double(5), figures: $0.text(6)))
    }
    return records
  }

  /// Centres in the order of their positions.
  package func centroids(generation: Int) throws -> [CentroidRecord] {
    var records: [CentroidRecord] = []
    try database.run(
      """
      SELECT cluster, vector, occupancy, radius, novelty, online_vector, weights
      FROM centroid WHERE generation = ? ORDER BY position
      """, [.int(generation)]
    ) {
      records.append(
        CentroidRecord(
          cluster: $0.int(0), vector: $0.blob(1).scalars(), occupancy: $0.int(2),
          radius: $0.double(3),
          novelty: $0.double(4), onlineVector: $0.blob(5).scalars(), weights: $0.blob(6).scalars()))
    }
    return records
  }

  package func save(_ generation: GenerationRecord, _ centroids: [CentroidRecord]) throws {
    try database.run(
      "INSERT INTO generation VALUES (?, ?, ?, ?, ?, ?, ?)",
      [
        .int(generation.number), .text(generation.time), .text(generation.bundle),
        .text(generation.reason), .int(generation.units), .double(generation.inertia),
        .text(generation.figures),
      ])
    for (position, centroid) in centroids.enumerated() {
      try database.run(
        "INSERT INTO centroid VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
          .int(generation.number), .int(position), .int(centroid.cluster),
          .blob(Data(scalars: centroid.vector)),
          .int(centroid.occupancy), .double(centroid.radius), .double(centroid.novelty),
          .blob(Data(scalars: centroid.onlineVector)), .blob(Data(scalars: centroid.weights)),
        ])
    }
  }

  package func saveOnline(generation: Int, position: Int, vector: [Float], weights: [Double]) throws
  {
    try database.run(
      "UPDATE centroid SET online_vector = ?, weights = ? WHERE generation = ? AND position = ?",
      [
        .blob(Data(scalars: vector)), .blob(Data(scalars: weights)), .int(generation),
        .int(position),
      ])
  }

  package func clusters() throws -> [ClusterRecord] {
    var records: [ClusterRecord] = []
    try database.run("SELECT id, born, retired, successor, name, trust FROM cluster ORDER BY id") {
      records.append(
        ClusterRecord(
          id: $0.int(0), born: $0.int(1), retired: $0.optionalInt(2), successor: $0.optionalInt(3),
          name: $0.optionalText(4), trust: $0.text(5)))
    }
    return records
  }

  /// - Returns: the new permanent cluster's number; numbers are never given twice.
  package func makeCluster(generation: Int) throws -> Int {
    let id = (try database.first("SELECT max(id) FROM cluster") { $0.int(0) } ?? 0) + 1
    try database.run("INSERT INTO cluster (id, born) VALUES (?, ?)", [.int(id), .int(generation)])
    return id
  }

  package func retire(cluster: Int, generation: Int, successor: Int) throws {
    try database.run(
      "UPDATE cluster SET retired = ?, successor = ? WHERE id = ?",
      [.int(generation), .int(successor), .int(cluster)])
  }

  /// Today's cluster of any label that was ever given.
  package func resolve(cluster: Int) throws -> Int? {
    var current = cluster
    while let record = try database.first(
      "SELECT successor FROM cluster WHERE id = ?", [.int(current)], { $0.optionalInt(0) })
    {
      guard let successor = record else { return current }
      current = successor
    }
    return nil
  }
}
