import Core
import Store

extension Archive {
  /// Generations whose lineage is drawn.
  private static let drawn = 6

  /// Generations, and the lineage of clusters between them.
  var historyPage: Page {
    let rows = generations.map { generation in
      let figures = (try? JSON(parsing: generation.figures)) ?? .null
      func cell(_ name: String, _ key: String) -> String {
        "<td class=\"number\" data-label=\"\(name)\">\(figures[key]?.double.map(Figure.decimal) ?? "–")</td>"
      }
      return """
        <tr><td class="number" data-label="Generation">\(generation.number)</td><td data-label="Promoted">\(generation.time.prefix(16))</td>
        <td data-label="Reason">\(generation.reason.escaped)</td><td class="number" data-label="Units">\(Figure.count(generation.units))</td>
        \(cell("Churn", "churn"))\(cell("Audit ARI", "audit_ari"))\(cell("Occupancy PSI", "occupancy_psi"))\(cell("Inertia ratio", "inertia_ratio"))</tr>
        """
    }.joined()
    let shown = generations.prefix(Self.drawn).map(\.number)
    let drawings = zip(shown.dropFirst(), shown).map {
      LineageDiagram((before: $0, after: $1), occupancies, lineage).figure
    }.joined(separator: "\n")
    let flow =
      shown.count > 1
      ? """
      <h2>Lineage</h2>
      <p class="soft">Blue: clusters that survived. Orange: where clusters that split, merged or ended went, and where new ones
      came from. Heights are units at each promotion.</p>
      <div class="figures">\(drawings)</div>
      """
      : "<p>There is one generation so far: the diagram of lineage begins with the first recluster.</p>"
    return page(
      "history.html", title: "History",
      """
      <table class="cards plain"><thead><tr><th class="number">Generation</th><th>Promoted</th><th>Reason</th><th class="number">Units</th>
      <th class="number">Churn</th><th class="number">Audit ARI</th><th class="number">Occupancy PSI</th><th class="number">Inertia ratio</th></tr></thead>
      <tbody>\(rows)</tbody></table>
      \(flow)
      <h2>Splits, mergers, births</h2>
      \(lineageTable)
      """)
  }

  private var lineageTable: String {
    let rows = lineage.suffix(200).reversed().map { event in
      let others = (event["heirs"] ?? event["parents"])?.array?.compactMap(\.string) ?? []
      let arrow = event["heirs"] == nil ? "from" : "to"
      return """
        <tr><td class="number" data-label="Generation">\(event["generation"]?.int ?? 0)</td><td data-label="Cluster">\(event["cluster"]?.string ?? "")</td>
        <td data-label="Fate">\(event["fate"]?.string ?? "")</td><td data-label="Clusters">\(others.isEmpty ? "" : "\(arrow) \(others.joined(separator: ", "))")</td></tr>
        """
    }.joined()
    guard !rows.isEmpty else { return "<p>None so far.</p>" }
    return
      "<table class=\"cards plain\"><thead><tr><th class=\"number\">Generation</th><th>Cluster</th><th>Fate</th><th>Clusters</th></tr></thead><tbody>\(rows)</tbody></table>"
  }
}
