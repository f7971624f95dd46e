import Core
import Store

extension Archive {
  private static let (chartWidth, chartHeight) = (560.0, 200.0)

  /// The test values of every window against their limits.
  var driftPage: Page {
    let windows = drift.map { (record: $0, report: (try? JSON(parsing: $0.report)) ?? .null) }
    guard !windows.isEmpty else {
      return page(
        "drift.html", title: "Drift",
        """
        <p>No window has been judged yet. The first follows once enough new units have arrived since the last promotion
        (<code>drift.window</code> in the configuration).</p>
        """)
    }
    let tests = windows.flatMap { window in
      (window.report["tests"]?.array ?? []).map { $0["scope"]?.string ?? "" }
    }
    let scopes = tests.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let alarms = windows.filter { $0.record.isRaised }.reversed().map(row).joined(separator: "\n")
    return page(
      "drift.html", title: "Drift",
      """
      <p>Each window of new units is compared with the units that the generation in force was fitted on. A line shows a
      test's value as a multiple of its limit: above the dashed line the test is raised. Shaded: windows with an alarm (two
      of three windows raised) to which these tests contributed.</p>
      <div class="figures">\(scopes.map { chart($0, windows) }.joined(separator: "\n"))</div>
      <h2>Raised windows</h2>
      <table class="cards plain"><thead><tr><th>Window</th><th>Time</th><th>Alarm</th><th>Blocks</th><th>Clusters</th><th>Tags that moved most</th></tr></thead>
      <tbody>\(alarms.isEmpty ? "<tr><td colspan=\"6\">none</td></tr>" : alarms)</tbody></table>
      """)
  }

  private func chart(_ scope: String, _ windows: [(record: DriftRecord, report: JSON)]) -> String {
    var kinds: [String] = []
    var series: [String: [(window: Int, ratio: Double)]] = [:]
    for (index, window) in windows.enumerated() {
      for test in window.report["tests"]?.array ?? [] where test["scope"]?.string == scope {
        guard let kind = test["test"]?.string, let value = test["value"]?.double,
          let limit = test["limit"]?.double, limit > 0
        else { continue }
        if series[kind] == nil { kinds.append(kind) }
        series[kind, default: []].append((index, max(0, value / limit)))
      }
    }
    let top = min(4, max(1.5, series.values.joined().map(\.ratio).max() ?? 1))
    let step = (Self.chartWidth - 60) / Double(max(1, windows.count))
    func x(_ window: Int) -> Double { 45 + (Double(window) + 0.5) * step }
    func y(_ ratio: Double) -> Double {
      Self.chartHeight - 24 - min(ratio, top) / top * (Self.chartHeight - 34)
    }
    let bands = windows.enumerated().filter {
      $0.element.record.isAlarm && Self.isRaised(scope, in: $0.element.report)
    }.map { index, _ in
      "<rect class=\"alarm\" x=\"\((x(index) - step / 2).pixels)\" y=\"0\" width=\"\(step.pixels)\" height=\"\(Self.chartHeight - 24)\"/>"
    }.joined()
    let lines = kinds.enumerated().map { hue, kind -> String in
      let points = (series[kind] ?? []).map { "\(x($0.window).pixels),\(y($0.ratio).pixels)" }
      let dots = (series[kind] ?? []).map {
        "<circle class=\"f\(hue)\" cx=\"\(x($0.window).pixels)\" cy=\"\(y($0.ratio).pixels)\" r=\"\($0.ratio > 1 ? 4 : 2.5)\"/>"
      }.joined()
      return "<polyline class=\"line s\(hue)\" points=\"\(points.joined(separator: " "))\"/>\(dots)"
    }.joined()
    let every = max(1, windows.count / 7)
    let marks = windows.indices.filter { $0 % every == 0 }.map { index in
      "<text class=\"soft\" x=\"\(x(index).pixels)\" y=\"\(Self.chartHeight - 6)\" text-anchor=\"middle\">\(windows[index].record.generation).\(windows[index].record.window)</text>"
    }.joined()
    let grid = stride(from: 0.0, through: top, by: top > 2 ? 1 : 0.5).map {
      "<line class=\"grid\" x1=\"45\" x2=\"\(Self.chartWidth)\" y1=\"\(y($0).pixels)\" y2=\"\(y($0).pixels)\"/><text class=\"soft\" x=\"36\" y=\"\((y($0) + 4).pixels)\" text-anchor=\"end\">\($0.pixels)</text>"
    }.joined()
    let legend = kinds.enumerated().map { "<li><i class=\"b\($0)\"></i>\($1.escaped)</li>" }
      .joined()
    let id = "drift-\(scope)"
    return """
      <section><h2>\(scope.escaped)</h2>
      <ul class="legend">\(legend)</ul>
      <svg class="natural" width="\(Self.chartWidth)" viewBox="0 0 \(Self.chartWidth) \(Self.chartHeight)" role="img" aria-labelledby="\(id)">
      <title id="\(id)">Drift of \(scope.escaped) by window (generation.window); values divided by their limits. Raised windows are in the table below</title>
      \(bands)\(grid)<line class="limit" x1="45" x2="\(Self.chartWidth)" y1="\(y(1).pixels)" y2="\(y(1).pixels)"/>\(lines)\(marks)
      </svg></section>
      """
  }

  private static func isRaised(_ scope: String, in report: JSON) -> Bool {
    (report["tests"]?.array ?? []).contains {
      $0["scope"]?.string == scope && $0["raised"]?.bool == true
    }
  }

  private func row(_ record: DriftRecord, _ report: JSON) -> String {
    func list(_ key: String) -> String {
      (report[key]?.array ?? []).compactMap(\.string).joined(separator: ", ").escaped
    }
    let tags = (report["tags"]?.array ?? []).prefix(3).map { tag in
      let value = tag["value"]?.string.map { " \($0)" } ?? ""
      return
        "\(tag["tag"]?.string ?? "")\(value): \(Figure.decimal(tag["before"]?.double ?? 0)) → \(Figure.decimal(tag["after"]?.double ?? 0))"
        .escaped
    }.joined(separator: "<br>")
    return """
      <tr><td data-label="Window">\(record.generation).\(record.window)</td><td data-label="Time">\(record.time.prefix(16))</td>
      <td data-label="Alarm">\(record.isAlarm ? "<span class=\"warn\">alarm</span>" : "")</td><td data-label="Blocks">\(list("blocks"))</td>
      <td data-label="Clusters">\(list("clusters"))</td><td data-label="Tags">\(tags)</td></tr>
      """
  }
}
