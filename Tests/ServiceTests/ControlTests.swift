import Core
import Foundation
import TestSupport
import Testing

@Suite(.endsHang) struct ControlTests {
  @Test func `train freezes a bundle from which the daemon opens its first generation`() throws {
    let site = try Site()
    try site.simulate(30)
    let printed = try site.control(["train"])
    #expect(printed.contains("30 units") && printed.contains("active"))
    try site.once()
    let annotations = try site.events("annotation")
    #expect(annotations.count == 30)
    let bundle = annotations.first?["bundle"]?.string ?? "?"
    #expect(printed.contains(bundle))
    #expect(try site.events("lifecycle").contains { $0["reason"]?.string == "bundle" })
    #expect(try site.control(["train"]).contains("not active"))
  }

  @Test func `a bundle identifies its training files by SHA-256, whatever the site`() throws {
    let site = try Site()
    try site.simulate(12)
    _ = try site.control(["train"])
    let export = site.folder.path + "/export"
    let digests = try FileManager.default.subpathsOfDirectory(atPath: export).compactMap { name in
      let content = FileManager.default.contents(atPath: export + "/" + name) ?? Data()
      return content.dropFirst(128).prefix(4) == Data("DICM".utf8)
        ? SHA256Digest.hexadecimal(content) : nil
    }
    let bundles = site.folder.path + "/state/bundles"
    let manifests = try FileManager.default.subpathsOfDirectory(atPath: bundles)
      .filter { $0.hasSuffix("/manifest.json") }
    let path = bundles + "/" + (try #require(manifests.first))
    let manifest = try JSON(parsing: String(contentsOfFile: path, encoding: .utf8))
    #expect(!digests.isEmpty)
    #expect(
      manifest["corpusDigest"]?.string
        == SHA256Digest.hexadecimal(Data(digests.sorted().joined().utf8)))
  }

  @Test func `a damaged bundle is refused by name, and the store is unchanged`() throws {
    let site = try Site()
    try site.simulate(20)
    try site.once()
    let bundles = site.folder.path + "/state/bundles"
    let hash = try #require(try FileManager.default.contentsOfDirectory(atPath: bundles).first)
    try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(bundles)/\(hash)/tags.json"))
    let errors = try site.once(ExitCode.data.rawValue)
    #expect(errors.contains("tags.json was changed"))
    #expect(site.annotated == 20)
  }

  @Test func `tail shows the log as text and as JSON`() throws {
    let site = try Site()
    try site.simulate(10)
    try site.once()
    let lines = try site.control(["tail", "-n", "3"]).split(separator: "\n")
    #expect(lines.count == 3 && lines[0].contains("annotation") && lines[2].contains("stopped"))
    let raw = try site.control(["--json", "tail", "-n", "100"]).split(separator: "\n")
    #expect(raw.count == (try site.events().count))
  }

  @Test func `validate reports problems with exit code 78`() throws {
    let good = try Site()
    #expect(try good.control(["validate"]).contains("good"))
    let bad = try Site(input: "/nowhere", top: "")
    let errors = try bad.control(["validate"], code: ExitCode.configuration.rawValue)
    #expect(errors.contains("intake.input: /nowhere"))
  }

  @Test func `without a daemon recluster says how to start it`() throws {
    let site = try Site()
    let errors = try site.control(["recluster"], code: ExitCode.unavailable.rawValue)
    #expect(errors.contains("systemctl start radiologynetd"))
  }

  @Test(
    arguments: [
      (["fly"], "unknown command"), (["status", "--fast"], "unknown option"),
      (["clusters", "resolve"], "label"),
      (["tail", "-n", "x"], "number"), (["quarantine", "retry"], "key"),
    ] as [([String], String)])
  func `a wrong command line is explained with exit code 64`(_ arguments: [String], _ text: String)
    throws
  {
    let site = try Site()
    try site.simulate(10)
    try site.once()
    #expect(try site.control(arguments, code: ExitCode.usage.rawValue).contains(text))
  }

  @Test(arguments: [
    "validate", "status", "tail", "recluster", "generations", "clusters", "quarantine", "train",
    "simulate",
  ])
  func `every command has help with examples`(_ command: String) throws {
    let output = try Tool("radiologynetctl").run([command, "--help"])
    #expect(output.code == 0)
    #expect(
      output.output.contains("usage: radiologynetctl \(command)")
        && output.output.contains("examples:"))
  }

  @Test func `the same seed simulates the same export`() throws {
    let sites = try [Site(), Site()]
    for site in sites { try site.simulate(9) }
    func content(_ site: Site) -> [String: Data] {
      let names =
        FileManager.default.enumerator(atPath: site.input)?.compactMap { $0 as? String } ?? []
      return Dictionary(
        uniqueKeysWithValues: names.compactMap { name in
          FileManager.default.contents(atPath: site.input + "/" + name).map { (name, $0) }
        })
    }
    let first = content(sites[0])
    #expect(first == content(sites[1]))
    #expect(first.count > 9)
  }
}
