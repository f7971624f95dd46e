import Core
import Foundation
import Glibc
import TestSupport
import Testing

/// Change of bundle: the archive is embedded again beside the daemon.
@Suite(.endsHang) struct ReembeddingTests {
  /// A site of 40 annotated studies.
  private static func annotatedSite(more: String = "") throws -> (site: Site, bundle: String) {
    let site = try Site(bootstrap: 40, k: 5, more: more)
    try site.simulate(40)
    try site.once()
    return (site, try #require(site.events("annotation").first?["bundle"]?.string))
  }

  /// Trains another bundle, smaller in each block and with another image side.
  private static func trainOther(_ site: Site) throws -> String {
    let other =
      try String(contentsOfFile: site.configuration, encoding: .utf8) + """

        [features]
        image_side = 16
        image_components = 8
        tag_components = 8
        text_components = 8
        """
    try site.folder.file("other.toml", other)
    let output = try site.ctl.run(["--config", site.folder.path + "/other.toml", "train"])
    #expect(output.code == 0, "\(output.errors)")
    return String(try #require(output.output.firstMatch(of: /bundle ([0-9a-f]{16})/)).1)
  }

  private static func bundles(_ site: Site) throws -> [String?] {
    let keys = Set(try site.events("annotation").compactMap { $0["unit_key"]?.string })
    let reader = try StoreReader(site.store)
    return try keys.map(reader.bundle)
  }

  private static func isPromoted(_ site: Site, generation: Int) throws -> Bool {
    try site.events("recluster_promoted").contains { $0["generation"]?.int == generation }
  }

  @Test func `a bundle activated under a running daemon takes over the whole archive`() throws {
    let (site, first) = try Self.annotatedSite()
    let second = try Self.trainOther(site)
    #expect(first != second)
    let daemon = try site.start()
    defer { daemon.terminate() }
    let socket = site.folder.path + "/run/control.sock"
    #expect(eventually { FileManager.default.fileExists(atPath: socket) })
    #expect(try site.control(["bundle", "activate", second]).contains("embedded again"))
    #expect(try eventually { try Self.isPromoted(site, generation: 2) })
    #expect(try Self.bundles(site).allSatisfy { $0 == second })

    let revised = try site.events("revision").filter { $0["reason"]?.string == "bundle" }
    #expect(revised.allSatisfy { $0["bundle"]?.string == second })
    let promoted = try #require(site.events("recluster_promoted").last)
    #expect(promoted["revised_units"]?.int == revised.count)
    #expect(try site.events("recluster_started").last?["reason"]?.string == "bundle")
    let finished = try #require(site.events("recluster_finished").last)
    #expect(finished["figures"]?["displacement_max"] == .null)
    #expect(finished["figures"]?["units"]?.int == 40)

    // Studies, reclusters and the next start work under the new bundle.
    try site.simulate(6, first: 40)
    #expect(eventually { site.annotated == 46 })
    #expect(try Self.bundles(site).allSatisfy { $0 == second })
    _ = try site.control(["recluster", "--wait"])
    #expect(try Self.isPromoted(site, generation: 3))
    daemon.terminate()
    daemon.waitUntilExit()
    try site.once()
    try site.checkConsistency()
    #expect(site.annotated == 46)
    #expect(try Self.shadows(site).isEmpty)
  }

  @Test func `a killed change of bundle resumes at the next start`() throws {
    let (site, _) = try Self.annotatedSite()
    let second = try Self.trainOther(site)
    #expect(try site.control(["bundle", "activate", second]).contains("when it starts"))
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<8 {
      let daemon = try site.start()
      usleep(UInt32(50_000 + generator.next() % 400_000))
      kill(daemon.processIdentifier, SIGKILL)
      daemon.waitUntilExit()
    }
    try site.once()
    try site.checkConsistency()
    #expect(site.annotated == 40)
    #expect(try Self.isPromoted(site, generation: 2))
    #expect(try Self.bundles(site).allSatisfy { $0 == second })
    #expect(try Self.shadows(site).isEmpty)
  }

  @Test func `leftovers of a daemon killed right after the change are removed`() throws {
    let (site, first) = try Self.annotatedSite()
    let shadow = site.folder.path + "/state/reembedding-\(first)"
    try FileManager.default.createDirectory(atPath: shadow, withIntermediateDirectories: true)
    try Data("ledger".utf8).write(to: URL(filePath: shadow + "/radiologynet.sqlite"))
    #expect(try Self.shadows(site).count == 1)
    try site.once()
    #expect(try Self.shadows(site).isEmpty)
    #expect(site.annotated == 40)
  }

  @Test func `a unit without a file keeps its label; a new one follows`() throws {
    let (site, first) = try Self.annotatedSite()
    let second = try Self.trainOther(site)
    // Reports are in a folder beside the folders of days.
    let days = try FileManager.default.contentsOfDirectory(atPath: site.input).sorted()
    let day = try #require(days.first { $0.allSatisfy(\.isNumber) })
    let gone = try FileManager.default.contentsOfDirectory(atPath: "\(site.input)/\(day)").count
    try FileManager.default.removeItem(atPath: "\(site.input)/\(day)")
    #expect(try site.control(["bundle", "activate", second]).contains("when it starts"))
    try site.simulate(4, first: 40)
    try site.once()
    try site.checkConsistency()
    #expect(site.annotated == 44)
    #expect(try Self.isPromoted(site, generation: 2))
    let bundles = try Self.bundles(site)
    #expect(bundles.count { $0 == second } == 44 - gone)
    #expect(bundles.count { $0 == first } == gone)
  }

  @Test func `a bundle that can't be opened leaves the old one in force`() throws {
    let (site, first) = try Self.annotatedSite()
    let second = try Self.trainOther(site)
    let daemon = try site.start()
    defer { daemon.terminate() }
    let socket = site.folder.path + "/run/control.sock"
    #expect(eventually { FileManager.default.fileExists(atPath: socket) })
    let file = site.folder.path + "/state/bundles/\(second)/text.json"
    var data = try #require(FileManager.default.contents(atPath: file))
    data[data.count / 2] ^= 1
    try data.write(to: URL(fileURLWithPath: file))
    _ = try site.control(["bundle", "activate", second], code: ExitCode.data.rawValue)
    try site.simulate(2, first: 40)
    #expect(eventually { site.annotated == 42 })
    #expect(try Self.bundles(site).allSatisfy { $0 == first })
  }

  private static func shadows(_ site: Site) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: site.folder.path + "/state")
      .filter { $0.hasPrefix("reembedding-") }
  }
}
