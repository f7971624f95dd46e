import Core
import Foundation

extension SQLiteStore {
  package func generations() throws -> [GenerationRecord] {
    var records: [GenerationRecord] = []
    try database.run(
      """
      SELECT number, time, bundle, reason, units, inertia, figures, added_clusters FROM generation
      ORDER BY number DESC
      """
    ) {
      records.append(
        GenerationRecord(
          number: $0.int("number"), time: $0.text("time"), bundle: $0.text("bundle"),
          reason: $0.text("reason"),
          units: $0.int("units"), inertia: $0.double("inertia"), figures: $0.text("figures"),
          addedClusters: $0.int("added_clusters")))
    }
    return records
  }

  package func centroids(generation: Int) throws -> [CentroidRecord] {
    var records: [CentroidRecord] = []
    try database.run(
      """
      SELECT cluster, vector, occupancy, radius, novelty, online_vector, weights, reference_weights
      FROM centroid WHERE generation = ? ORDER BY position
      """, [.int(generation)]
    ) {
      records.append(
        CentroidRecord(
          cluster: $0.int("cluster"), vector: $0.blob("vector").scalars(),
          occupancy: $0.int("occupancy"),
          radius: $0.double("radius"),
          novelty: $0.double("novelty"), onlineVector: $0.blob("online_vector").scalars(),
          weights: $0.blob("weights").scalars(),
          referenceWeights: $0.blob("reference_weights").scalars()))
    }
    return records
  }

  package func save(_ generation: GenerationRecord, _ centroids: [CentroidRecord]) throws {
    try database.run(
      "INSERT INTO generation VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      [
        .int(generation.number), .text(generation.time), .text(generation.bundle),
        .text(generation.reason), .int(generation.units), .double(generation.inertia),
        .text(generation.figures), .int(generation.addedClusters),
      ])
    for (position, centroid) in centroids.enumerated() {
      try database.run(
        "INSERT INTO centroid VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
          .int(generation.number), .int(position), .int(centroid.cluster),
          .blob(Data(scalars: centroid.vector)),
          .int(centroid.occupancy), .double(centroid.radius), .double(centroid.novelty),
          .blob(Data(scalars: centroid.onlineVector)), .blob(Data(scalars: centroid.weights)),
          .blob(Data(scalars: centroid.referenceWeights)),
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
          id: $0.int("id"), born: $0.int("born"), retired: $0.optionalInt("retired"),
          successor: $0.optionalInt("successor"),
          name: $0.optionalText("name"), trust: $0.text("trust")))
    }
    return records
  }

  package func makeCluster(generation: Int) throws -> Int {
    let id = (try database.first("SELECT max(id) AS last FROM cluster") { $0.int("last") } ?? 0) + 1
    try database.run("INSERT INTO cluster (id, born) VALUES (?, ?)", [.int(id), .int(generation)])
    return id
  }

  package func retire(cluster: Int, generation: Int, successor: Int) throws {
    try database.run(
      "UPDATE cluster SET retired = ?, successor = ? WHERE id = ?",
      [.int(generation), .int(successor), .int(cluster)])
  }

  package func resolve(cluster: Int) throws -> Int? {
    try database.first(
      """
      SELECT unit.cluster AS cluster FROM former JOIN unit ON unit.unit_key = former.unit_key
      JOIN cluster ON cluster.id = unit.cluster
      WHERE former.cluster = ? AND cluster.retired IS NULL
        AND EXISTS (SELECT 1 FROM cluster WHERE id = former.cluster AND retired IS NOT NULL)
      GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1
      """, [.int(cluster)]
    ) { $0.int("cluster") } ?? lastSuccessor(of: cluster)
  }

  private func lastSuccessor(of cluster: Int) throws -> Int? {
    var current = cluster
    while let record = try database.first(
      "SELECT successor FROM cluster WHERE id = ?", [.int(current)], { $0.optionalInt("successor") }
    ) {
      guard let successor = record else { return current }
      current = successor
    }
    return nil
  }
}
