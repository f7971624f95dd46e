import Core
import Foundation
import Store
import TestSupport
import Testing

/// Reclusters as transactions: pending approval, approved, rejected, rolled back; and reviews of clusters.
@Suite(.endsHang) struct ReclusterTests {
  /// A running daemon with 60 annotated studies.
  private static func running(more: String = "") throws -> (site: Site, daemon: Process) {
    let site = try Site(bootstrap: 60, k: 6, more: more)
    try site.simulate(60)
    try site.once()
    return (site, try site.serve())
  }

  /// The living permanent clusters.
  private static func living(_ site: Site) throws -> Set<Int> {
    Set(
      try SQLiteStore(path: site.store, readOnly: true).clusters().filter { $0.retired == nil }.map(
        \.id))
  }

  private static func generation(_ site: Site) throws -> Int? {
    try SQLiteStore(path: site.store, readOnly: true).generations().first?.number
  }

  @Test func `a fit pending approval survives a kill and is promoted when approved`() throws {
    let (site, daemon) = try Self.running()
    #expect(try site.control(["recluster", "--hold", "--wait"]).contains("pending approval"))
    #expect(try Self.generation(site) == 1)
    kill(daemon.processIdentifier, SIGKILL)
    daemon.waitUntilExit()
    try? FileManager.default.removeItem(atPath: site.folder.path + "/run/control.sock")
    try site.simulate(10, first: 60)
    let again = try site.serve()
    defer { again.terminate() }
    #expect(eventually { site.annotated == 70 })
    #expect(try site.control(["status"]).contains("manual, since"))
    #expect(try site.control(["recluster", "approve", "--wait"]).contains("generation 2 promoted"))
    #expect(try SQLiteStore(path: site.store, readOnly: true).pendingApproval() == nil)
    let refused = try site.control(
      ["recluster", "approve"], code: ExitCode.temporaryFailure.rawValue)
    #expect(refused.contains("no recluster is pending"))
    #expect(try site.events("recluster_held").count == 1)
    #expect(try site.events("recluster_promoted").count == 1)
    try site.checkConsistency()
    try checkSchema(site)
  }

  @Test func `a rejected fit changes nothing`() throws {
    let (site, daemon) = try Self.running()
    defer { daemon.terminate() }
    let before = try Self.living(site)
    _ = try site.control(["recluster", "--hold", "--wait"])
    #expect(try site.control(["recluster", "reject"]).contains("dropped"))
    #expect(try Self.generation(site) == 1)
    #expect(try Self.living(site) == before)
    #expect(try site.events("revision").isEmpty)
    #expect(
      try eventually { try site.events("recluster_rejected").last?["cause"]?.string == "by hand" })
    try site.checkConsistency()
  }

  @Test func `scheduled fits obey the policy, and only one is pending approval`() throws {
    let site = try Site(
      bootstrap: 60, k: 6, more: "[recluster]\nevery = 20\npolicy = \"hold\"")
    try site.simulate(60)
    try site.once()
    try site.simulate(60, first: 60)
    try site.once()
    #expect(try Self.generation(site) == 1)
    let held = try site.events("recluster_held")
    #expect(held.count == 1)
    #expect(held.first?["cause"]?.string == "recluster.policy")
    try site.checkConsistency()
  }

  @Test func `with k = "auto" a recluster reports the numbers it tried`() throws {
    let site = try Site(bootstrap: 60, k: 6)
    let text = try String(contentsOfFile: site.configuration, encoding: .utf8)
    try site.folder.file(
      "radiologynet.toml", text.replacing("k = 6", with: "k = \"auto\"\nk_min = 3\nk_max = 12"))
    try site.simulate(60)
    try site.once()
    let daemon = try site.serve()
    defer { daemon.terminate() }
    _ = try site.control(["recluster", "--wait"])
    let figures = try #require(site.events("recluster_finished").last?["figures"])
    let curve = try #require(figures["k_curve"]?.array)
    #expect(curve.count >= 5)
    #expect(curve.contains { $0["k"]?.int == figures["k"]?.int })
    try checkSchema(site)
  }

  @Test func `a fit that gains too little is rejected`() throws {
    let site = try Site(
      bootstrap: 60, k: 6, more: "[recluster]\nevery = 20\nmin_gain = 0.9")
    try site.simulate(60)
    try site.once()
    try site.simulate(25, first: 60)
    try site.once()
    #expect(try Self.generation(site) == 1)
    #expect(
      try site.events("recluster_rejected").first?["cause"]?.string?.contains("inertia") == true)
  }

  @Test func `a rollback restores the clusters of an earlier generation with their names`() throws {
    let (site, daemon) = try Self.running()
    defer { daemon.terminate() }
    let first = try Self.living(site)
    let label = ClusterRecord.label(try #require(first.min()))
    _ = try site.control(["clusters", "name", label, "first of all"])
    _ = try site.control(["clusters", "accept", label])
    try site.simulate(80, first: 60)
    #expect(eventually { site.annotated == 140 })
    _ = try site.control(["recluster", "--wait"])
    _ = try site.control(["recluster", "--wait"])
    #expect(try Self.generation(site) == 3)
    #expect(try site.control(["rollback", "1", "--wait"]).contains("generation 4 promoted"))
    #expect(try Self.living(site) == first)
    let shown = try site.control(["clusters", "show", label])
    #expect(shown.contains("first of all") && shown.contains("accepted"))
    let back = try #require(site.events("recluster_rolled_back").last)
    #expect(back["to"]?.int == 1 && back["generation"]?.int == 4)

    // Every label ever written resolves to a living cluster.
    let store = try SQLiteStore(path: site.store, readOnly: true)
    for event in try site.events() {
      guard let label = event["cluster"]?.string, let id = Int(label.dropFirst()) else { continue }
      let today = try #require(try store.resolve(cluster: id))
      #expect(first.contains(today))
    }
    // And each unit's last line has its cluster.
    let last = Dictionary(
      try site.events().compactMap { event in
        event["unit_key"]?.string.map { ($0, event["cluster"]?.string ?? "") }
      }, uniquingKeysWith: { $1 })
    for (key, cluster) in last {
      #expect(try store.unit(key).map { ClusterRecord.label($0.cluster) } == cluster)
    }
    for number in ["4", "9"] {
      _ = try site.control(
        ["rollback", number, "--wait"], code: ExitCode.data.rawValue)
    }
    try site.checkConsistency()
    try checkSchema(site)
  }

  @Test func `later annotations have the new name, and each review is an event`() throws {
    let (site, daemon) = try Self.running()
    defer { daemon.terminate() }
    for id in try Self.living(site) {
      _ = try site.control(["clusters", "name", ClusterRecord.label(id), "cluster \(id)"])
    }
    _ = try site.control(["clusters", "reject", "c0001"])
    try site.simulate(5, first: 60)
    #expect(eventually { site.annotated == 65 })
    for event in try site.events("annotation").suffix(5) {
      let id = Int(event["cluster"]?.string?.dropFirst() ?? "") ?? 0
      #expect(event["cluster_name"]?.string == "cluster \(id)")
    }
    let review = try #require(site.events("review").last)
    #expect(review["trust"]?.string == "rejected" && review["name"]?.string == "cluster 1")
    #expect(try site.control(["clusters"]).contains("rejected"))
    _ = try site.control(["clusters", "accept", "c9999"], code: ExitCode.data.rawValue)
    _ = try site.control(
      ["clusters", "name", "c0001", String(repeating: "x", count: 101)],
      code: ExitCode.data.rawValue)
    try site.checkConsistency()
    try checkSchema(site)
  }

  private func checkSchema(_ site: Site) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path
    let schema = try JSONSchema(contentsOf: root + "/config/annotation.schema.json")
    for event in try site.events() { #expect(schema.problems(event) == []) }
  }
}
