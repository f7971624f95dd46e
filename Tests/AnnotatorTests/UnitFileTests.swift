import Foundation
import TestSupport
import Testing

/// systemd's own opinion of the units.
@Suite struct UnitFileTests {
  private static let folder =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path + "/systemd"

  private func analyze(_ arguments: [String]) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/systemd-analyze")
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  @Test(arguments: ["radiologynetd.service", "radiologynet-recluster.service"])
  func `exposure is at most 1.5`(_ unit: String) throws {
    let text = try analyze(["security", "--offline=true", "\(Self.folder)/\(unit)"])
    let match = try #require(text.firstMatch(of: /Overall exposure level for \S+: ([0-9.]+)/))
    #expect(Double(match.1) ?? 10 <= 1.5, "\(text)")
  }

  @Test func `units verify once their files are where they name them`() throws {
    let names = [
      "radiologynetd.service", "radiologynet-recluster.service", "radiologynet-recluster.timer",
    ]
    let text = try analyze(["verify", "--man=no"] + names.map { "\(Self.folder)/\($0)" })
    // Executables are not installed where the tests run; anything else is a complaint of ours.
    let complaints = text.split(separator: "\n").filter {
      $0.contains("radiologynet") && !$0.contains("is not executable")
    }
    #expect(complaints.isEmpty, "\(complaints)")
  }
}
