import Core
import Foundation
import Store
import TestSupport
import Testing

/// What reviewers decide through radiologynetctl, and what reclusters make of it.
@Suite(.endsHang) struct ReviewDecisionTests {
  private let site: Site
  private let daemon: Process

  /// A running daemon with 60 annotated studies.
  init() throws {
    site = try Site(bootstrap: 60, k: 6)
    try site.simulate(60)
    try site.once()
    daemon = try site.serve()
  }

  private func end() {
    daemon.terminate()
    daemon.waitUntilExit()
  }

  private var store: SQLiteStore {
    get throws { try SQLiteStore(path: site.store, readOnly: true) }
  }

  /// Living clusters with their numbers of units, largest first.
  private func clusters() throws -> [(label: String, units: Int)] {
    let sizes = try store.clusterSizes()
    return try store.clusters().filter { $0.retired == nil }
      .map { (ClusterRecord.label($0.id), sizes[$0.id] ?? 0) }.sorted { $0.units > $1.units }
  }

  private func unit(in label: String) throws -> String {
    try #require(
      site.events("annotation").first { $0["cluster"]?.string == label }?["unit_key"]?.string)
  }

  private func cluster(of unit: String) throws -> String? {
    try store.unit(unit).map { ClusterRecord.label($0.cluster) }
  }

  @Test func `a review is one event, with who and why, and ends when the cluster has moved`() throws
  {
    defer { end() }
    let label = try #require(try clusters().first?.label)
    _ = try site.control([
      "clusters", "accept", label, "--reviewer", "Ada", "--comment", "all the same",
    ])
    let review = try #require(try site.events("review").last)
    #expect(review["reviewer"]?.string == "Ada" && review["comment"]?.string == "all the same")
    #expect(try site.control(["clusters", "show", label]).contains("by Ada: all the same"))
    #expect(try !site.control(["clusters"]).contains("accepted*"))

    try site.simulate(80, first: 60)
    #expect(eventually { site.annotated == 140 })
    #expect(try site.control(["clusters", "--trust", "changed"]).contains("\(label)"))
    #expect(try site.control(["clusters", "show", label]).contains("CHANGED since its review"))
    let refused = try site.control(
      ["export", site.folder.path + "/set"], code: ExitCode.data.rawValue)
    #expect(refused.contains("unchanged since its review"))
    _ = try site.control(["clusters", "accept", label])
    #expect(try !site.control(["clusters"]).contains("accepted*"))
    #expect(try site.control(["export", site.folder.path + "/set"]).contains("in 1 classes"))
    try site.checkConsistency()
    try checkSchema()
  }

  @Test func `an ended cluster, a taken name and a strange remark are refused`() throws {
    defer { end() }
    let labels = try clusters().map(\.label)
    _ = try site.control(["clusters", "name", labels[0], "Heads"])
    let taken = try site.control(
      ["clusters", "name", labels[1], "heads"], code: ExitCode.data.rawValue)
    #expect(taken.contains("\(labels[0]) has this name already"))
    _ = try site.control(["clusters", "name", labels[0], "Heads"])
    let long = String(repeating: "x", count: 501)
    _ = try site.control(
      ["clusters", "accept", labels[0], "--comment", long], code: ExitCode.usage.rawValue)

    _ = try site.control(["clusters", "merge", labels[0], labels[1]])
    _ = try site.control(["recluster", "--wait"])
    let ended = try #require(try store.clusters().first { $0.retired != nil })
    let label = ClusterRecord.label(ended.id)
    let refused = try site.control(
      ["clusters", "accept", label], code: ExitCode.data.rawValue)
    let today = try #require(try store.resolve(cluster: ended.id))
    #expect(
      refused.contains(
        "\(label) ended in generation 2; \(ClusterRecord.label(today)) holds most of its units"))
    #expect(try site.events("review").count == 2)
  }

  @Test func `a study that was moved stays where it was put`() throws {
    defer { end() }
    let labels = try clusters().map(\.label)
    let (moved, expelled) = (try unit(in: labels[0]), try unit(in: labels[1]))
    _ = try site.control(["place", moved, labels[2], "--comment", "a knee"])
    let out = try site.control(["place", String(expelled.prefix(12)), "out"])
    #expect(try cluster(of: moved) == labels[2])
    #expect(try cluster(of: expelled) != labels[1])
    #expect(out.contains(try cluster(of: expelled) ?? "?"))
    #expect(try site.events("placement").count == 2)
    #expect(try site.events("revision").allSatisfy { $0["reason"]?.string == "placement" })
    #expect(try site.control(["place"]).contains("not in \(labels[1])"))

    try site.simulate(40, first: 60)
    #expect(eventually { site.annotated == 100 })
    _ = try site.control(["recluster", "--wait"])
    func today(_ label: String) throws -> String? {
      try Int(label.dropFirst()).flatMap { try store.resolve(cluster: $0) }.map(ClusterRecord.label)
    }
    #expect(try cluster(of: moved) == today(labels[2]))
    #expect(try cluster(of: expelled) != today(labels[1]))

    _ = try site.control(["place", moved, "free"])
    #expect(try store.placements()[moved] == nil)
    _ = try site.control(["place", "nonsense", "out"], code: ExitCode.data.rawValue)
    _ = try site.control(["place", moved, "c9999"], code: ExitCode.data.rawValue)
    try site.checkConsistency()
    try checkSchema()
  }

  @Test(arguments: [false, true])
  func `proposals seed the next recluster, approved or at once`(_ isHeld: Bool) throws {
    defer { end() }
    let labels = try clusters().map(\.label)
    _ = try site.control(["clusters", "merge", labels[3], labels[4]])
    _ = try site.control(["clusters", "merge", labels[4], labels[5]])
    _ = try site.control(["clusters", "split", labels[0]])
    #expect(try site.control(["clusters"]).contains("merge \(labels[4]), \(labels[5])"))
    #expect(try store.proposals().count == 2)
    if isHeld {
      _ = try site.control(["recluster", "--hold", "--wait"])
      #expect(try store.proposals().count == 2)
      _ = try site.control(["recluster", "approve", "--wait"])
    } else {
      _ = try site.control(["clusters", "withdraw", labels[5]])
      _ = try site.control(["recluster", "--dry-run"])
      #expect(try store.proposals().count == 1)
      _ = try site.control(["recluster", "--wait"])
    }
    #expect(try store.proposals().isEmpty)
    #expect(try clusters().count == (isHeld ? 6 : 7))
    #expect(try store.generations().first?.addedClusters == (isHeld ? 0 : 1))
    // The next fit keeps the number that reviewers chose; a rollback has that of its generation.
    _ = try site.control(["recluster", "--wait"])
    #expect(try clusters().count == (isHeld ? 6 : 7))
    _ = try site.control(["rollback", "1", "--wait"])
    #expect(try store.generations().first?.addedClusters == 0)
    #expect(try clusters().count == 6)
    _ = try site.control(["clusters", "split", "c9999"], code: ExitCode.data.rawValue)
    _ = try site.control(
      ["clusters", "merge", labels[0]], code: ExitCode.data.rawValue)
    try site.checkConsistency()
    try checkSchema()
  }

  private func checkSchema() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path
    let schema = try JSONSchema(contentsOf: root + "/config/annotation.schema.json")
    for event in try site.events() { #expect(schema.problems(event) == []) }
  }
}
