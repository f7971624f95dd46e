import Core
import Foundation
import Store
import TestSupport
import Testing

/// `radiologynetctl similar`, with and without a daemon.
@Suite(.endsHang) struct SimilarCommandTests {
  @Test func `the daemon and the store give the same answer, and new studies are in it`() throws {
    let site = try Site(bootstrap: 30, k: 4)
    try site.simulate(30)
    try site.once()
    let store = try SQLiteStore(path: site.store, readOnly: true)
    var keys: [String] = []
    try store.units(bundle: #require(try store.generations().first?.bundle)) {
      keys.append($0.unitKey)
    }
    let key = try #require(keys.first)
    let offline = try site.control(["--json", "similar", key, "-n", "7"])
    let text = try site.control(["similar", key, "-n", "7", "--block", "tags"])
    #expect(text.split(separator: "\n").count == 8 && text.hasPrefix("distance"))
    let unknown = try site.control(["similar", "nothing"], code: ExitCode.data.rawValue)
    #expect(unknown.contains("no unit has the key nothing"))

    let daemon = try site.serve()
    defer { daemon.terminate() }
    let online = try site.control(["--json", "similar", String(key.prefix(16)), "-n", "7"])
    // Parsing sorts the members.
    #expect(try JSON(parsing: online) == JSON(parsing: offline))
    #expect(try site.control(["similar", key, "-n", "7", "--block", "tags"]) == text)
    #expect(try site.control(["similar", "nothing"], code: ExitCode.data.rawValue) == unknown)
    let rows = try JSON(parsing: offline)["similar"]?.array ?? []
    let distances = rows.compactMap { $0["distance"]?.double }
    #expect(distances.count == 7 && distances == distances.sorted())
    #expect(!rows.contains { $0["unit_key"]?.string == key })

    try site.simulate(10, first: 30)
    #expect(eventually { site.annotated == 40 })
    let all = try JSON(parsing: site.control(["--json", "similar", key, "-n", "1000"]))
    #expect(all["similar"]?.array?.count == 39)
  }

  @Test func `a file is found by its path`() throws {
    let site = try Site(bootstrap: 12, k: 2)
    try site.simulate(12)
    try site.once()
    let file = try #require(
      FileManager.default.enumerator(atPath: site.input)?.compactMap { $0 as? String }.sorted()
        .first { $0.contains("/IM1000") })
    let answer = try JSON(
      parsing: site.control(["--json", "similar", site.input + "/" + file, "-n", "3"]))
    #expect(answer["unit_key"]?.string?.isEmpty == false)
    #expect(
      try site.control(["similar", "/nowhere/x.dcm"], code: ExitCode.data.rawValue)
        .contains("no annotated image is from this file"))
  }

  @Test func `a study sent again as another patient's is a near-duplicate and shares its split`()
    throws
  {
    let site = try Site(bootstrap: 20, k: 2)
    try site.simulate(20)
    try site.once()
    try Resent.copyStudies(of: site.input, to: site.input + "/again")
    try site.once()
    let groups = try site.control(["--json", "similar", "--duplicates"]).split(separator: "\n").map
    { try JSON(parsing: $0) }
    let pairs = groups.compactMap { $0["units"]?.array?.count }
    #expect(pairs.count >= 15 && pairs.allSatisfy { $0 % 2 == 0 }, "\(groups)")
    let out = site.folder.path + "/dataset"
    _ = try site.control(["export", out, "--include", "all", "--side", "64", "--split", "34,33,33"])
    let rows = try String(contentsOfFile: out + "/labels.jsonl", encoding: .utf8)
      .split(separator: "\n").map { try JSON(parsing: $0) }
    var splits: [String: String] = [:]
    for row in rows { splits[row["unit_key"]?.string ?? ""] = row["split"]?.string }
    for group in groups {
      let units = group["units"]?.array?.compactMap(\.string) ?? []
      #expect(Set(units.compactMap { splits[$0] }).count <= 1)
    }
    #expect(Set(splits.values).count > 1)
  }

  @Test(
    arguments: [
      ([], "key of one study"), (["a", "b"], "key of one study"), (["a", "-n", "0"], "1 to 1000"),
      (["a", "-n"], "needs a value"), (["a", "--block", "audio"], "image, tags, text"),
      (["a", "--fast"], "unknown option"), (["a", "--duplicates"], "takes nothing else"),
    ] as [([String], String)])
  func `a wrong command line is explained`(_ arguments: [String], _ reason: String) throws {
    let site = try Site()
    #expect(
      try site.control(["similar"] + arguments, code: ExitCode.usage.rawValue).contains(reason))
  }

  @Test func `without a store the error says so`() throws {
    let site = try Site()
    #expect(
      try site.control(["similar", "a"], code: ExitCode.noInput.rawValue)
        .contains("there is no store yet"))
  }
}
