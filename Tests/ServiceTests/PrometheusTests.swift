import Core
import Foundation
import TestSupport
import Testing

@testable import Service

/// Metrics, alert rules and dashboard, as Prometheus's own promtool judges them.
@Suite struct PrometheusTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  private static let promtool = Tool("/usr/bin/promtool")

  /// The metrics of a daemon that has seen everything.
  private static func metrics() throws -> String {
    let configuration = try Configuration(
      TOMLDocument(text: "[intake]\ninput = \"/in\"\n", path: ""))
    let board = VitalsBoard(configuration)
    var vitals = Vitals()
    vitals.waiting = WaitingKindNames.all.map { ($0, 1, 2.5) }
    vitals.quarantined = [.malformed: 3]
    (vitals.lastFile, vitals.longestPause) = (1_790_000_000.5, 60)
    vitals.drift.tests = [("image", "discrepancy", 0.01, 0.02)]
    vitals.lag.note(0.2, studies: 3)
    board.current = vitals
    return PrometheusText(board).text
  }

  private enum WaitingKindNames { static let all = ["report", "study", "file"] }

  @Test func `the metrics are well formed`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("metrics", try Self.metrics())
    let checked = try Tool("/bin/sh").run(
      ["-c", "exec \"$0\" check metrics < \"$1\"", Self.promtool.path, path])
    #expect(checked.code == 0, "\(checked.output)\(checked.errors)")
  }

  @Test(arguments: [
    ["check", "rules", "config/alerts.yml"], ["check", "config", "config/prometheus.yml"],
    ["test", "rules", "Tests/alerts/alerts.test.yml"],
  ]) func `rules, their tests and the example are valid`(_ words: [String]) throws {
    let output = try Self.promtool.run(words.dropLast() + [Self.root + "/" + words[2]])
    #expect(output.code == 0, "\(output.output)\(output.errors)")
  }

  @Test(arguments: ["alerts.yml", "grafana-dashboard.json"])
  func `every metric that is asked for is served`(_ file: String) throws {
    let text = try String(contentsOfFile: Self.root + "/config/" + file, encoding: .utf8)
    // radiologynet_up is what radiologynetctl metrics adds.
    let served = try Self.metrics() + "radiologynet_up 1\n"
    let asked = Set(text.matches(of: /radiologynet_[a-z_]+/).map { String($0.0) })
    #expect(asked.count > 5)
    for name in asked { #expect(served.contains("\n\(name)"), "\(name)") }
  }

  @Test func `each panel of the dashboard is of the chosen job and instance`() throws {
    let text = try String(
      contentsOfFile: Self.root + "/config/grafana-dashboard.json", encoding: .utf8)
    let dashboard = try JSON(parsing: text)
    let variables = dashboard["templating"]?["list"]?.array?.compactMap { $0["name"]?.string }
    #expect(variables == ["datasource", "job", "instance"])
    let queries = (dashboard["panels"]?.array ?? []).flatMap { $0["targets"]?.array ?? [] }
      .compactMap { $0["expr"]?.string }
    #expect(queries.count > 15)
    for query in queries {
      let named = query.matches(of: /radiologynet_[a-z_]+/).count
      #expect(query.matches(of: /{job=~"\$job",instance=~"\$instance"}/).count == named, "\(query)")
    }
  }

  @Test func `quarantine is counted by reason, from 0 on`() throws {
    let text = try Self.metrics()
    for code in Rejection.Code.allCases {
      let count = code == .malformed ? 3 : 0
      #expect(
        text.contains("\nradiologynet_quarantined_total{reason=\"\(code.rawValue)\"} \(count)\n"))
    }
  }
}
