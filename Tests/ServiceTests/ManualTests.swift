import Core
import Foundation
import TestSupport
import Testing

/// The manual pages as man shows them on a terminal of 80 columns, and completion as bash computes it.
@Suite(.endsHang) struct ManualTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  private func shown(_ words: [String]) throws -> String {
    let folder = try TemporaryFolder()
    let page = try Tool("radiologynetctl").run(["manual"] + words)
    #expect(page.code == 0, "\(page.errors)")
    let path = try folder.file("page.1", page.output)
    let shown = try Tool("/usr/bin/man").run(
      ["--warnings=w", "-l", path],
      environment: ["MANWIDTH": "80", "LC_ALL": "C.UTF-8", "MANPAGER": "cat"])
    #expect(shown.code == 0 && shown.errors.isEmpty, "\(shown.errors)")
    return shown.output
  }

  @Test(arguments: [
    ["radiologynetctl"], ["radiologynetd"],
    ["configuration", ManualTests.root + "/config/radiologynet.toml"],
  ]) func `a page fits 80 columns`(_ words: [String]) throws {
    let text = try shown(words)
    let wide = text.split(separator: "\n").filter { $0.count > 80 }
    #expect(wide.isEmpty, "\(wide)")
    #expect(text.contains("NAME") && text.contains("SEE ALSO"))
  }

  @Test func `the tool's page names every exit code, and so does operate.md`() throws {
    let text = try shown(["radiologynetctl"])
    let manual = try String(contentsOfFile: Self.root + "/docs/operate.md", encoding: .utf8)
    for code in ExitCode.allCases where code != .ok {
      #expect(text.contains("\n       \(code.rawValue)"))
      #expect(manual.contains("\n| \(code.rawValue) | \(code.meaning) |\n"), "\(code.rawValue)")
    }
  }

  @Test func `the configuration's page has every key`() throws {
    let text = try shown(["configuration", ManualTests.root + "/config/radiologynet.toml"])
    let file = try String(
      contentsOfFile: Self.root + "/config/radiologynet.toml", encoding: .utf8)
    for match in file.matches(of: #/(?m)^([a-z_]+) = /#) {
      #expect(text.contains("\n       \(match.1) = "), "\(match.1)")
    }
  }

  /// The words that bash offers.
  private func completed(_ words: [String], _ site: Site) throws -> Set<String> {
    let script = try Tool("radiologynetctl").run(["completion", "bash"]).output
    let path = try site.folder.file("completion.sh", script)
    let line = ["--config", site.configuration] + words
    let output = try Tool("/bin/bash").run(
      [
        "-c",
        """
        source "$1"; tool=$2; shift 2
        COMP_WORDS=("$tool" "$@"); COMP_CWORD=$#; _radiologynetctl
        printf '%s\\n' "${COMPREPLY[@]}"
        """, "bash", path, site.ctl.path,
      ] + line)
    return Set(output.output.split(separator: "\n").map(String.init))
  }

  @Test func `bash completes commands, options, their values and what the store holds`() throws {
    let site = try Site()
    try site.simulate(12)
    try site.once()
    #expect(try completed(["rec"], site) == ["recluster"])
    #expect(try completed(["help", "gen"], site).contains("generations"))
    #expect(try completed(["recluster", "--h"], site) == ["--hold", "--help"])
    #expect(try completed(["export", "out", "--format", "png"], site) == ["png", "png16"])
    let labels = try site.control(["--json", "clusters"]).split(separator: "\n").compactMap {
      try JSON(parsing: $0)["cluster"]?.string
    }
    #expect(try completed(["clusters", "accept", "c0"], site) == Set(labels))
    #expect(try completed(["rollback", ""], site).contains("1"))
    // Without a store there is nothing to offer, and no error.
    #expect(try completed(["clusters", "accept", "c0"], Site()).isEmpty)
  }
}
