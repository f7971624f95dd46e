import Core
import Store

extension Archive {
  private static let (barsWidth, barsHeight) = (640.0, 180.0)

  /// What arrived, what waits, and what is in quarantine.
  var intakePage: Page {
    let outcomes = files.sorted { $0.key < $1.key }.map {
      "<li><b>\(Figure.count($0.value))</b>\($0.key.escaped)</li>"
    }.joined()
    let reasons = Dictionary(grouping: quarantine, by: \.reason)
    let rows = reasons.sorted { ($0.value.count, $1.key) > ($1.value.count, $0.key) }.map {
      reason, entries in
      "<tr><td data-label=\"Reason\">\(reason.escaped)</td><td class=\"number\" data-label=\"Files\">\(Figure.count(entries.count))</td><td data-label=\"Last\">\((entries.last?.time.prefix(16)).map(String.init) ?? "")</td><td data-label=\"Its detail\">\((entries.last?.detail ?? "").escaped)</td></tr>"
    }.joined()
    let kinds: [(WaitingKind, String)] = [
      (.report, "Reports without a study"), (.study, "Studies without models"),
      (.file, "Files that are still written"),
    ]
    let waits = kinds.map { kind, text in
      "<tr><td>\(text)</td><td class=\"number\" data-label=\"How many\">\(Figure.count(waiting[kind]?.count ?? 0))</td><td data-label=\"The oldest since\">\(waiting[kind].map { String(timestamp(secondsSince1970: $0.oldest).prefix(16)) } ?? "")</td></tr>"
    }.joined()
    return page(
      "intake.html", title: "Intake",
      """
      <h2>Files by outcome</h2>
      <ul class="facts">\(outcomes)</ul>
      <h2>Units annotated for the first time</h2>
      \(bars)
      <h2>Waiting</h2>
      <table class="cards plain"><thead><tr><th>What</th><th class="number">How many</th><th>The oldest since</th></tr></thead>
      <tbody>\(waits)</tbody></table>
      <h2>Quarantine</h2>
      <table class="cards plain"><thead><tr><th>Reason</th><th class="number">Files</th><th>Last</th><th>Its detail</th></tr></thead>
      <tbody>\(rows.isEmpty ? "<tr><td colspan=\"4\">none</td></tr>" : rows)</tbody></table>
      """)
  }

  private var bars: String {
    guard let most = throughput.map(\.units).max() else { return "<p>None so far.</p>" }
    let shown = throughput.suffix(120)
    let step = (Self.barsWidth - 60) / Double(max(shown.count, 8))
    let every = max(1, shown.count / 5)
    let marks = shown.enumerated().map { index, moment -> String in
      let height = (Self.barsHeight - 50) * Double(moment.units) / Double(most)
      let left = 50 + Double(index) * step
      let time = moment.time.replacing("T", with: " ")
      let text =
        index % every == 0
        ? "<text class=\"soft\" x=\"\(left.pixels)\" y=\"\(Self.barsHeight - 6)\">\(time)\(time.count > 10 ? " h" : "")</text>"
        : ""
      return
        "<rect class=\"f0\" x=\"\(left.pixels)\" y=\"\((Self.barsHeight - 28 - height).pixels)\" width=\"\(max(1, step - 2).pixels)\" height=\"\(height.pixels)\"><title>\(time): \(moment.units)</title></rect>\(text)"
    }.joined()
    return """
      <svg class="natural" width="\(Self.barsWidth)" viewBox="0 0 \(Self.barsWidth) \(Self.barsHeight)" role="img" aria-labelledby="bars-title">
      <title id="bars-title">First annotations over time, at most \(Figure.count(most)) in one bar</title>
      <line class="grid" x1="50" x2="\(Self.barsWidth)" y1="22" y2="22"/><text class="soft" x="44" y="26" text-anchor="end">\(Figure.count(most))</text>
      \(marks)
      </svg>
      """
  }
}
