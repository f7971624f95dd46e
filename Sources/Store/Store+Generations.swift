import Core
import Foundation

/// One centre of a generation.
public struct CentroidRecord: Sendable {
  /// Permanent cluster.
  public var cluster: Int
  /// As the full fit left it.
  public var vector: [Float]
  /// Units that formed it, the RMS distance of those units, and the distance beyond which a unit is novel.
  public var occupancy: Int
  public var radius: Double
  public var novelty: Double
  /// As mini-batch updates have moved it since, and the weight of each of its blocks.
  public var onlineVector: [Float]
  public var weights: [Double]

  public init(
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
public struct GenerationRecord: Sendable {
  public var number: Int
  public var time: String
  public var bundle: String
  public var reason: String
  /// Units of the full fit.
  public var units: Int
  public var inertia: Double
  /// The drift figures of the recluster that made it, as JSON.
  public var figures: String

  public init(
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
public struct ClusterRecord: Sendable {
  public var id: Int
  /// Generation in which it appeared.
  public var born: Int
  /// Generation in which it ended, and what its label resolves to since.
  public var retired: Int?
  public var successor: Int?
  public var name: String?
  public var trust: String

  /// `c0017`
  public static func label(_ id: Int) -> String {
    let digits = String(id)
    return "c" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

extension Store {
  /// Newest first.
  public func generations() throws -> [GenerationRecord] {
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
  public func centroids(generation: Int) throws -> [CentroidRecord] {
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

  public func save(_ generation: GenerationRecord, _ centroids: [CentroidRecord]) throws {
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

  public func saveOnline(generation: Int, position: Int, vector: [Float], weights: [Double]) throws
  {
    try database.run(
      "UPDATE centroid SET online_vector = ?, weights = ? WHERE generation = ? AND position = ?",
      [
        .blob(Data(scalars: vector)), .blob(Data(scalars: weights)), .int(generation),
        .int(position),
      ])
  }

  public func clusters() throws -> [ClusterRecord] {
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
  public func makeCluster(generation: Int) throws -> Int {
    let id = (try database.first("SELECT max(id) FROM cluster") { $0.int(0) } ?? 0) + 1
    try database.run("INSERT INTO cluster (id, born) VALUES (?, ?)", [.int(id), .int(generation)])
    return id
  }

  public func retire(cluster: Int, generation: Int, successor: Int) throws {
    try database.run(
      "UPDATE cluster SET retired = ?, successor = ? WHERE id = ?",
      [.int(generation), .int(successor), .int(cluster)])
  }

  /// Today's cluster of any label that was ever given.
  public func resolve(cluster: Int) throws -> Int? {
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
