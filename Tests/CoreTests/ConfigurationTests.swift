import Foundation
import TestSupport
import Testing

@testable import Core

@Suite struct ConfigurationTests {
  private func read(_ text: String) throws -> Configuration {
    try Configuration(TOMLDocument(text: text, path: "r.toml"))
  }

  @Test func `only the input folder is required`() throws {
    let configuration = try read("[intake]\ninput = \"/in\"\n")
    #expect(configuration.unit == .study)
    #expect(configuration.intake.quiet == 60)
    #expect(configuration.clustering.k == .fixed(50))
    #expect(configuration.state.store == "/var/lib/radiologynet/radiologynet.sqlite")
  }

  @Test(arguments: [
    ("", "r.toml: intake.input: this key is required"),
    (
      "[intake]\ninput = \"/in\"\nquite = 3\n",
      "r.toml:3: intake.quite: unknown key; did you mean intake.quiet?"
    ),
    ("[intake]\ninput = 5\n", "r.toml:2: intake.input: expected a string, found 5"),
    (
      "unit = \"slice\"\n[intake]\ninput = \"/in\"\n",
      "r.toml:1: unit: expected one of \"study\", \"series\", \"image\""
    ),
    (
      "[intake]\ninput = \"/in\"\nquiet = -1\n",
      "r.toml:3: intake.quiet: expected a number of seconds from 0.0"
    ),
    (
      "[intake]\ninput = \"/in\"\n[clustering]\nk = 1\n",
      "r.toml:4: clustering.k: expected a whole number from 2"
    ),
    (
      "[intake]\ninput = \"/in\"\n[decoding]\nside = 100\n",
      "r.toml:4: decoding.side: expected a multiple of 32"
    ),
    (
      "[intake]\ninput = \"/in\"\n[decoding]\nfallback_charset = \"latin-one\"\n",
      "r.toml:4: decoding.fallback_charset: expected a defined term of DICOM"
    ),
    (
      "[intake]\ninput = \"/in\"\n[clutering]\nk = 5\n",
      "r.toml:3: clutering: unknown key; did you mean clustering?"
    ),
    ("[intake\ninput = 1", "r.toml:1: not valid TOML"),
    (
      "[intake]\ninput = \"/in\"\n[features.weights]\nimage = 0\ntags = 0\ntext = 0\n",
      "at least one block"
    ),
  ])
  func `a problem names file, line, key and what was expected`(_ text: String, _ problem: String) {
    let error = #expect(throws: ConfigurationError.self) { try self.read(text) }
    #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
  }

  @Test func `all problems are reported at once`() {
    let error = #expect(throws: ConfigurationError.self) {
      try self.read("unit = 1\nfoo = 2\n[intake]\nquiet = \"x\"\n")
    }
    #expect(error?.problems.count == 4)
  }

  @Test func `the shipped configuration is valid and holds the defaults`() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
      .deletingLastPathComponent()
    let shipped = try Configuration(
      contentsOf: root.appendingPathComponent("config/radiologynet.toml").path)
    let defaults = try read(
      "body_parts = \"/etc/radiologynet/body-parts.toml\"\n[intake]\ninput = \"/srv/pacs-export\"\n"
    )
    #expect(shipped.values == defaults.values)
    #expect(shipped.adopting(defaults).waiting.isEmpty)
  }

  @Test func `k is a number or chosen from a range`() throws {
    func k(_ text: String) throws -> Configuration.Clustering.Count {
      try Configuration(
        TOMLDocument(text: "[intake]\ninput = \"/in\"\n[clustering]\n\(text)\n", path: "f.toml")
      ).clustering.k
    }
    #expect(try k("") == .fixed(50))
    #expect(try k("k = 7") == .fixed(7))
    #expect(try k("k = \"auto\"\nk_min = 5\nk_max = 9") == .auto(5...9))
    #expect(throws: ConfigurationError.self) { try k("k = \"auto\"\nk_min = 9\nk_max = 5") }
    #expect(throws: ConfigurationError.self) { try k("k = \"many\"") }
  }
}
