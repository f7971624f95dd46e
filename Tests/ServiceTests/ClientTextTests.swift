import Core
import Foundation
import TestSupport
import Testing

/// Text from socket clients never becomes an unchecked path or number.
@Suite(.endsHang) struct ClientTextTests {
  @Test func `a bundle is named by its hash only, a generation by its number`() throws {
    let site = try Site(bootstrap: 12, k: 2)
    try site.simulate(12)
    try site.once()
    let state = site.folder.path + "/state"
    let bundles = state + "/bundles"
    let hash = try #require(
      try FileManager.default.contentsOfDirectory(atPath: bundles).first { $0.count == 16 })
    // A valid bundle where a path would lead.
    try FileManager.default.copyItem(
      atPath: "\(bundles)/\(hash)", toPath: "\(site.folder.path)/\(hash)")
    let active = try? String(contentsOfFile: bundles + "/active", encoding: .utf8)
    let daemon = try site.serve()
    defer { daemon.terminate() }
    func ask(_ request: [String: JSON]) throws -> JSON {
      try ControlSocket.ask(
        site.folder.path + "/run/control.sock",
        .object(["version": .int(ControlSocket.version)].merging(request) { $1 }.map { ($0, $1) }))
    }
    for name in [
      "../../\(hash)", "./\(hash)", "\(hash)/", hash.uppercased() + "\n", "", "active", "..",
      "\(site.folder.path)/\(hash)", "0000000000000000",
    ] {
      let answer = try ask(["command": "activate", "bundle": .string(name)])
      #expect(answer["ok"]?.bool == false, "\(name)")
    }
    for number in [-5, 0, 99] {
      let answer = try ask(["command": "rollback", "generation": .int(number)])
      #expect(answer["ok"]?.bool == false)
    }
    for number in ["-5", "0", "x", "1.5"] {
      #expect(
        try site.control(["rollback", number], code: ExitCode.usage.rawValue).contains("rollback"))
    }
    #expect((try? String(contentsOfFile: bundles + "/active", encoding: .utf8)) == active)
    #expect(try site.control(["status"]).contains("running"))
  }

  @Test(arguments: [
    "CT\u{1b}[31mred", "a\u{9b}2J", "a\u{202e}b", "a\u{2066}b", "two\nlines", "a\u{2028}b", "tab\t",
    "a\u{0}b", "a" + String(repeating: "\u{301}", count: 1_000), String(repeating: "x", count: 101),
    " ", "\u{feff}a", "a\u{e0041}", "\u{115f}", "\u{3164}", "a\u{3164}b", "\u{2800}", "a\u{34f}b",
    "\u{200d}", "\u{fe0f}", "\u{301}", "a\u{fffd}", "=1+1", "@x", "=\u{301}SUM(1)", "\u{ff1d}1",
    "\u{2212}1", "\u{301}a", "\u{200d}=1", "+x", "-x",
    String(repeating: "a\u{301}\u{302}\u{303}\u{304}", count: 4),
  ])
  func `unsafe text is refused as a cluster name and escaped on a terminal`(_ text: String) throws {
    #expect(text == "tab\t" || ClusterName(text) == nil)
    let printed = text.printable
    #expect(
      printed.unicodeScalars.allSatisfy {
        $0 == "\n" || $0 == "\t"
          || $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value)
            && !(0x2028...0x202e).contains($0.value) && !(0x2066...0x2069).contains($0.value)
      })
    let line = JSON.string(text).encoded
    #expect(try JSON(parsing: line).string == text)
    #expect(
      line.unicodeScalars.allSatisfy { !(0x7f...0x9f).contains($0.value) && $0.value >= 0x20 })
    #expect(!line.unicodeScalars.contains { (0x2028...0x202e).contains($0.value) })
  }

  @Test(arguments: [
    ("Thorax, p.a.", "Thorax, p.a."), ("Mu\u{308}ller", "M\u{fc}ller"), (" 頭部 CT ", "頭部 CT"),
    ("می\u{200c}خواهم", "می\u{200c}خواهم"), ("👩\u{200d}⚕\u{fe0f}", "👩\u{200d}⚕\u{fe0f}"),
    ("น้ำที่", "น้ำที่"), ("क्षत्रिय", "क्षत्रिय"), ("שָׁלוֹם", "שָׁלוֹם"), ("Ngực thẳng", "Ngực thẳng"),
  ])
  func `names in any script are accepted and composed`(_ text: String, _ name: String) {
    #expect(ClusterName(text).map { Array($0.text.unicodeScalars) } == Array(name.unicodeScalars))
    #expect(name.printable == name)
  }

  @Test(arguments: [
    "", "0123456789ABCDEF", "0123456789abcde", "0123456789abcdef0", "../456789abcdef",
  ])
  func `other text is not a bundle hash`(_ text: String) {
    #expect(BundleHash(text) == nil)
  }
}
