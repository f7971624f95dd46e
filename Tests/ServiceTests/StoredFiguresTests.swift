import Core
import Foundation
import Store
import TestSupport
import Testing

/// Every figure that a promotion stores is computed again from the store: through a restart, several reclusters and a
/// rollback.
@Suite(.endsHang) struct StoredFiguresTests {
  private let site: Site

  init() throws {
    site = try Site(bootstrap: 60, k: 6)
    try site.simulate(60)
    try site.once()
  }

  private var store: SQLiteStore {
    get throws { try SQLiteStore(path: site.store, readOnly: true) }
  }

  private func labels() throws -> [String: Int] {
    var labels: [String: Int] = [:]
    let store = try store
    guard let bundle = try store.generations().first?.bundle else { return [:] }
    try store.units(bundle: bundle) { labels[$0.unitKey] = $0.cluster }
    return labels
  }

  private func isNear(_ value: Double?, _ expected: Double, _ tolerance: Double = 1e-5) -> Bool {
    guard let value else { return false }
    return abs(value - expected) <= tolerance * max(1, abs(expected))
  }

  @Test func `stored figures are those of the stored vectors`() throws {
    try checkGeneration(1)
    var daemon = try site.serve()
    defer { daemon.terminate() }
    func arrive(_ count: Int, first: Int) throws {
      try site.simulate(count, first: first)
      #expect(eventually { site.annotated == first + count })
    }
    func promote(_ words: [String], to number: Int, restoring earlier: Int? = nil) throws {
      let (labels, sizes) = (try labels(), try store.windowSizes(generation: number - 1))
      let new = Set(
        try Recomputation(site, generation: number - 1).units
          .filter { $0.windowGeneration == number - 1 }.map(\.unitKey))
      _ = try site.control(words + ["--wait"])
      try checkGeneration(number, restoring: earlier)
      try checkFigures(number, labels, sizes, new)
      try checkAnnotations(number)
      try checkLabels()
    }
    try arrive(40, first: 60)
    try promote(["recluster"], to: 2)
    daemon.terminate()
    daemon.waitUntilExit()
    daemon = try site.serve()
    try checkGeneration(2)
    try arrive(30, first: 100)
    try promote(["recluster"], to: 3)
    try promote(["rollback", "1"], to: 4, restoring: 1)
    daemon.terminate()
    daemon.waitUntilExit()
    daemon = try site.serve()
    try checkGeneration(4, restoring: 1)
    try promote(["recluster"], to: 5)
  }

  /// A generation's own figures, right after its promotion.
  private func checkGeneration(_ number: Int, restoring earlier: Int? = nil) throws {
    let slow = try Recomputation(site, generation: number)
    let record = try #require(try store.generations().first)
    #expect(record.number == number && record.units == slow.units.count)
    #expect(isNear(record.inertia, slow.inertia))
    let (distances, weights) = (slow.distances, slow.weights)
    let overall = Recomputation.percentile99(Array(distances.joined()))
    let before = try earlier.map { try store.centroids(generation: $0) }
    for (position, centroid) in slow.centroids.enumerated() {
      let members = distances[position]
      #expect(centroid.occupancy == members.count)
      #expect(centroid.onlineVector == centroid.vector)
      #expect(centroid.weights == centroid.referenceWeights)
      if let before {
        let original = before[position]
        #expect(centroid.vector == original.vector && centroid.cluster == original.cluster)
        #expect(centroid.radius == original.radius && centroid.novelty == original.novelty)
        #expect(centroid.referenceWeights == original.referenceWeights)
      } else {
        let squares = members.reduce(0) { $0 + $1 * $1 }
        #expect(isNear(centroid.radius, (squares / Double(members.count)).squareRoot()))
        #expect(
          isNear(
            centroid.novelty, members.count >= 30 ? Recomputation.percentile99(members) : overall))
        #expect(centroid.referenceWeights == weights[position])
      }
    }
    for unit in slow.units {
      let nearest = try #require(slow.ranked(unit).first)
      #expect(unit.cluster == slow.centroids[nearest.position].cluster)
    }
  }

  /// The metrics that compare a generation with the one before.
  ///
  /// - Parameters:
  ///   - window: the units annotated since, by cluster, and their keys in `new`.
  private func checkFigures(
    _ number: Int, _ old: [String: Int], _ window: [Int: Int], _ new: Set<String>
  ) throws {
    let figures = try #require(try site.events("recluster_finished").last?["figures"])
    let (slow, earlier) = (
      try Recomputation(site, generation: number), try Recomputation(site, generation: number - 1)
    )
    func figure(_ name: String) -> Double? { figures[name]?.double }
    #expect(figures["units"]?.int == slow.units.count)
    #expect(figures["k"]?.int == slow.centroids.count)
    #expect(figures["window_units"]?.int == window.values.reduce(0, +))
    #expect(isNear(figure("inertia"), slow.inertia))
    #expect(isNear(figure("inertia_ratio"), slow.inertia / earlier.inertia))
    #expect(
      isNear(
        figure("held_out_inertia_ratio"),
        slow.heldOutInertia(without: []) / earlier.heldOutInertia(without: new)))

    let units = slow.units.filter { old[$0.unitKey] != nil }
    let (before, after) = (units.map { old[$0.unitKey] ?? 0 }, units.map(\.cluster))
    let changed = zip(before, after).count { $0 != $1 }
    #expect(isNear(figure("churn"), Double(changed) / Double(units.count)))
    let audit = SlowAgreement(truth: before, clusters: after)
    #expect(isNear(figure("audit_ari"), audit.adjustedRand))
    #expect(isNear(figure("audit_nmi"), audit.normalized))
    for (name, truth) in [
      ("modality", units.map(\.modality)), ("body_part", units.map(\.bodyPart)),
    ] {
      let known = truth.indices.filter { truth[$0] != nil }
      let agreement = SlowAgreement(
        truth: known.map { truth[$0] }, clusters: known.map { after[$0] })
      #expect(figures[name]?["units"]?.int == known.count)
      #expect(isNear(figures[name]?["homogeneity"]?.double, agreement.homogeneity))
      #expect(
        isNear(figures[name]?["mutual_information"]?.double, agreement.mutualInformation))
      #expect(isNear(figures[name]?["nmi"]?.double, agreement.normalized))
    }

    if window.isEmpty {
      #expect(figures["occupancy_psi"] == .null)
    } else {
      let counts = earlier.centroids.map {
        (Double($0.occupancy) + 0.5, Double(window[$0.cluster] ?? 0) + 0.5)
      }
      let (n, m) = counts.reduce((0.0, 0.0)) { ($0.0 + $1.0, $0.1 + $1.1) }
      let index = counts.reduce(0.0) {
        $0 + ($1.0 / n - $1.1 / m) * log($1.0 / n / ($1.1 / m))
      }
      #expect(isNear(figure("occupancy_psi"), index))
    }
    let moved = earlier.centroids.compactMap { past -> Double? in
      guard let now = slow.centroids.first(where: { $0.cluster == past.cluster }), past.radius > 0
      else { return nil }
      let squares = zip(past.vector, now.vector).reduce(0.0) {
        $0 + pow(Double($1.0) - Double($1.1), 2)
      }
      return squares.squareRoot() / past.radius
    }
    let survivors = Set(earlier.centroids.map(\.cluster))
      .intersection(slow.centroids.map(\.cluster))
    #expect(figures["survived"]?.int == survivors.count)
    #expect(figures["born"]?.int == slow.centroids.count - survivors.count)
    if !moved.isEmpty {
      #expect(
        isNear(figure("displacement_mean"), moved.reduce(0, +) / Double(moved.count), 1e-4))
      #expect(isNear(figure("displacement_max"), moved.max() ?? 0, 1e-4))
    }
  }

  /// Distances of the revisions that a promotion wrote.
  private func checkAnnotations(_ number: Int) throws {
    let slow = try Recomputation(site, generation: number)
    let units = Dictionary(uniqueKeysWithValues: slow.units.map { ($0.unitKey, $0) })
    for event in try site.events("revision") where event["generation"]?.int == number {
      let unit = try #require(units[event["unit_key"]?.string ?? ""])
      let ranked = slow.ranked(unit)
      #expect(isNear(event["distance"]?.double, ranked[0].distance, 1e-4))
      #expect(isNear(event["margin"]?.double, 1 - ranked[0].distance / ranked[1].distance, 1e-3))
      #expect(
        event["second_cluster"]?.string
          == ClusterRecord.label(slow.centroids[ranked[1].position].cluster))
    }
  }

  /// Every label of the log stands for itself or for the cluster that holds most of the units that had it.
  private func checkLabels() throws {
    let store = try store
    let labels = try labels()
    var units: [Int: Set<String>] = [:]
    for event in try site.events() {
      guard let label = event["cluster"]?.string, let key = event["unit_key"]?.string else {
        continue
      }
      units[Int(label.dropFirst()) ?? 0, default: []].insert(key)
    }
    for (cluster, members) in units {
      let record = try #require(try store.clusters().first { $0.id == cluster })
      let today = try #require(try store.resolve(cluster: cluster))
      guard record.retired != nil else {
        #expect(today == cluster)
        continue
      }
      let shares = members.reduce(into: [Int: Int]()) { $0[labels[$1] ?? 0, default: 0] += 1 }
      #expect(shares[today] == shares.values.max())
    }
  }
}
