import Core
import Foundation
import TestSupport
import Testing

/// A command that fails says why, exits as sysexits.h has it, and says so in JSON, too.
@Suite(.endsHang) struct CommandFailureTests {
  private static let cases: [(words: [String], code: ExitCode, text: String)] = [
    (["stauts"], .usage, "did you mean status?"),
    (["--cnfig", "x", "status"], .usage, "did you mean --config?"),
    (["recluster", "--dryrun"], .usage, "did you mean --dry-run?"),
    (["recluster", "aprove"], .usage, "did you mean approve?"),
    (["bundle", "shwo", "1234"], .usage, "did you mean show?"),
    (["help", "recluter"], .usage, "did you mean recluster?"),
    (["train", "/nowhere"], .noInput, "/nowhere: No such file"),
    (["evaluate", "/nowhere"], .noInput, "/nowhere: No such file"),
    (["train", "/etc/passwd"], .noInput, "/etc/passwd: Not a directory"),
    (["simulate", "/proc/nowhere"], .cannotCreate, "/proc/nowhere"),
    (["simulate", "x", "--studis", "3"], .usage, "did you mean --studies?"),
    (["bundle", "import-image", "/nowhere.pt"], .noInput, "/nowhere.pt"),
    (["bundle", "verify", "--input", "/nowhere"], .noInput, "/nowhere"),
    (["bundle", "show", "ffff"], .noInput, "no bundle ffff"),
    (["export", "EXPORT"], .data, "no cluster is accepted"),
    (["export", "EXPORT", "--format", "dicom", "--include", "all"], .configuration, "plain"),
    (["report", "INPUT"], .cannotCreate, "intake.input"),
    (["clusters", "show", "c9999"], .data, "c9999"),
    (["clusters", "show", "c0010"], .data, "did you mean c000"),
    (["clusters", "acept", "c0001"], .usage, "did you mean accept?"),
    (["similar", "--blok", "x"], .usage, "did you mean --block?"),
    (["recluster"], .unavailable, "systemctl start radiologynetd"),
    (["quarantine", "retry", "00"], .unavailable, "systemctl start radiologynetd"),
    (["metrics"], .unavailable, "systemctl start radiologynetd"),
    (["metrics", "--output", "/nowhere/x.prom"], .cannotCreate, "/nowhere"),
    (["metrics", "--output", "x.txt"], .usage, ".prom"),
    (["--config", "/nowhere.toml", "status"], .noInput, "/nowhere.toml"),
    (["status", "--config"], .usage, "--config needs a file"),
  ]

  @Test func `without a daemon each failure has its code, on both outputs`() throws {
    let site = try Site()
    try site.simulate(12)
    try site.once()
    for (words, code, text) in Self.cases {
      let words = words.map {
        ["EXPORT": site.folder.path + "/export-set", "INPUT": site.input + "/report"][$0] ?? $0
      }
      let plain = try site.ctl.run(["--config", site.configuration] + words)
      #expect(plain.code == code.rawValue, "\(words): \(plain.errors)")
      #expect(plain.errors.contains(text), "\(words): \(plain.errors)")
      let output = try site.ctl.run(["--json", "--config", site.configuration] + words)
      let line = try JSON(parsing: try #require(output.output.split(separator: "\n").last))
      #expect(output.code == code.rawValue && line["ok"]?.bool == false)
      #expect(line["exit_code"]?.int == Int(code.rawValue), "\(words): \(line.encoded)")
      #expect(line["error"]?.string?.contains(text) == true, "\(words): \(line.encoded)")
    }
  }

  @Test func `a daemon's refusals reach the one who asked`() throws {
    let site = try Site()
    try site.simulate(12)
    try site.once()
    let daemon = try site.serve()
    defer { daemon.terminate() }
    let refused: [([String], ExitCode, String)] = [
      (["rollback", "99"], .data, "there is no generation 99"),
      (["rollback", "1"], .data, "in force already"),
      (["recluster", "approve"], .temporaryFailure, "no recluster is pending approval"),
      (["recluster", "reject"], .temporaryFailure, "no recluster is pending approval"),
      (["quarantine", "retry", "00"], .data, "no file with this key"),
      (["clusters", "accept", "c9999"], .data, "no such cluster"),
      (["clusters", "name", "c0001", String(repeating: "x", count: 200)], .data, "100 printable"),
    ]
    for (words, code, text) in refused {
      #expect(try site.control(words, code: code.rawValue).contains(text), "\(words)")
    }
  }

  @Test func `validate names each problem in JSON`() throws {
    let site = try Site(more: "[clutering]\nk = 5\n[intak]\nquiet = 3")
    let output = try site.ctl.run(["validate", "--json", "--config=" + site.configuration])
    let answer = try JSON(parsing: output.output)
    let problems = answer["problems"]?.array?.compactMap(\.string) ?? []
    #expect(output.code == ExitCode.configuration.rawValue && problems.count == 2)
    #expect(problems.contains { $0.hasSuffix("did you mean clustering?") })
  }

  @Test func `every command that succeeds prints JSON when asked`() throws {
    let site = try Site()
    let folder = site.folder.path
    func json(_ words: [String]) throws -> [JSON] {
      let lines = try site.control(words + ["--json"]).split(separator: "\n")
      return try lines.map { try JSON(parsing: $0) }
    }
    #expect(
      try json(["simulate", site.input, "--studies", "12", "--size", "64"])[0]["studies"]?.int == 12
    )
    try site.once()
    #expect(try json(["report", folder + "/pages"])[0]["units"]?.int == 12)
    #expect(
      try json(["export", folder + "/set", "--include", "all"])[0]["images"]?.int ?? 0 > 0)
    #expect(try json(["train"])[0]["units"]?.int == 12)
    #expect(try json(["bundle", "verify"]).count > 2)
    let hash = try json(["bundle"])[0]["bundle"]?.string ?? ""
    #expect(try json(["bundle", "approve", hash])[0]["bundle"]?.string == hash)
    #expect(try json(["validate"])[0]["ok"]?.bool == true)
    #expect(try json(["manual", "radiologynetd"])[0]["page"]?.string?.hasPrefix(".TH") == true)
    #expect(try json(["completion", "bash"])[0]["script"] != nil)
    let daemon = try site.serve()
    defer { daemon.terminate() }
    let text = try json(["metrics"])[0]["metrics"]?.string ?? ""
    #expect(text.contains("radiologynet_up 1\n") && text.contains("radiologynet_healthy 1\n"))
    #expect(try json(["metrics", "--output", folder + "/x.prom"])[0]["file"] != nil)
    #expect(
      try String(contentsOfFile: folder + "/x.prom", encoding: .utf8).contains(
        "radiologynet_up 1\n"))
    #expect(try json(["recluster", "--wait"])[0]["decision"]?.string == "promoted")
  }
}
