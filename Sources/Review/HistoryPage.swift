import Core
import Store

extension Archive {
  /// Generations, and the lineage of clusters between them.
  var historyPage: Page {
    let rows = generations.map { generation in
      let figures = (try? JSON(parsing: generation.figures)) ?? .null
      func figure(_ key: String) -> String { figures[key]?.double.map(Figure.decimal) ?? "–" }
      return """
        <tr><td class="number">\(generation.number)</td><td>\(generation.time.prefix(16))</td><td>\(generation.reason.escaped)</td>
        <td class="number">\(Figure.count(generation.units))</td><td class="number">\(figure("churn"))</td>
        <td class="number">\(figure("audit_ari"))</td><td class="number">\(figure("occupancy_psi"))</td><td class="number">\(figure("inertia_ratio"))</td></tr>
        """
    }.joined()
    let shown = Array(generations.prefix(6).reversed())
    let flow =
      shown.count > 1
      ? """
      <h2>Lineage</h2>
      <p class="soft">Blue: clusters that survived. Orange: where clusters that split, merged or ended went, and where new ones
      came from. Heights are units at each promotion.</p>
      <div class="scroll">\(LineageDiagram(shown.map(\.number), occupancies, lineage).svg)</div>
      """
      : "<p>There is one generation so far: the diagram of lineage begins with the first recluster.</p>"
    return Page(
      "history.html", title: "History",
      """
      <div class="scroll"><table><thead><tr><th class="number">Generation</th><th>Promoted</th><th>Reason</th><th class="number">Units</th>
      <th class="number">Churn</th><th class="number">Audit ARI</th><th class="number">Occupancy PSI</th><th class="number">Inertia ratio</th></tr></thead>
      <tbody>\(rows)</tbody></table></div>
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
        <tr><td class="number">\(event["generation"]?.int ?? 0)</td><td>\(event["cluster"]?.string ?? "")</td>
        <td>\(event["fate"]?.string ?? "")</td><td>\(others.isEmpty ? "" : "\(arrow) \(others.joined(separator: ", "))")</td></tr>
        """
    }.joined()
    guard !rows.isEmpty else { return "<p>None so far.</p>" }
    return
      "<div class=\"scroll\"><table><thead><tr><th class=\"number\">Generation</th><th>Cluster</th><th>Fate</th><th>Clusters</th></tr></thead><tbody>\(rows)</tbody></table></div>"
  }
}
