import Foundation
import TestSupport
import Testing

/// The units, as systemd-analyze judges them.
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
  func `exposure is at most 0.5`(_ unit: String) throws {
    let text = try analyze(["security", "--offline=true", "\(Self.folder)/\(unit)"])
    let match = try #require(text.firstMatch(of: /Overall exposure level for \S+: ([0-9.]+)/))
    #expect(Double(match.1) ?? 10 <= 0.5, "\(text)")
  }

  /// Python's zoneinfo, all zones from 2000 to 2037: on Sundays clocks change between 23:00 and 07:00 only.
  @Test func `the timer names no hour that a clock change skips or repeats`() throws {
    let text = try String(
      contentsOfFile: "\(Self.folder)/radiologynet-recluster.timer", encoding: .utf8)
    let times = text.matches(of: /(?m)^OnCalendar=(.*)$/).map(\.1)
    #expect(times.count == 1)
    for time in times {
      let match = try #require(time.wholeMatch(of: /Sun (\d\d):(\d\d)/), "\(time)")
      // It may start half an hour later.
      #expect((7..<22).contains(Int(match.1) ?? 0))
    }
  }

  @Test(arguments: [
    "radiologynetd.service", "radiologynet-recluster.service", "radiologynet-recluster.timer",
  ])
  func `documentation is where the package puts it`(_ unit: String) throws {
    let text = try String(contentsOfFile: "\(Self.folder)/\(unit)", encoding: .utf8)
    let line = try #require(text.firstMatch(of: /(?m)^Documentation=(.*)$/)).1
    for word in line.split(separator: " ") {
      if let page = word.wholeMatch(of: /man:(radiologynetd\(8\)|radiologynetctl\(1\))/) {
        #expect(!page.0.isEmpty)
      } else {
        // The Makefile installs docs/*.md as they are here.
        let file = try #require(
          word.wholeMatch(of: /file:\/\/\/usr\/share\/doc\/radiologynet\/(.*)/))
        #expect(FileManager.default.fileExists(atPath: "\(Self.folder)/../\(file.1)"), "\(word)")
      }
    }
  }

  @Test func `units verify apart from executables that aren't installed`() throws {
    let names = [
      "radiologynetd.service", "radiologynet-recluster.service", "radiologynet-recluster.timer",
    ]
    let text = try analyze(["verify", "--man=no"] + names.map { "\(Self.folder)/\($0)" })
    // Executables are not installed where the tests run; any other complaint is our fault.
    let complaints = text.split(separator: "\n").filter {
      $0.contains("radiologynet") && !$0.contains("is not executable")
    }
    #expect(complaints.isEmpty, "\(complaints)")
  }
}
