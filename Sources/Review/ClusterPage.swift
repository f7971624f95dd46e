import Core
import Store

extension Archive {
  /// The page of one cluster: pictures, composition, neighbours.
  ///
  /// - Parameter form: HTML form to review the cluster; empty for none.
  func page(of cluster: ClusterProfile, form: String = "") -> Page {
    let label = cluster.label
    return Page(
      "clusters/\(label).html", title: "\(label): \(cluster.title)",
      """
      <ul class="facts">
      <li><b>\(Figure.count(cluster.size))</b>units, \(Figure.percent(cluster.size, of: units)) of the archive</li>
      <li><b>\(cluster.record.trust)</b>trust</li>
      <li><b>\(cluster.record.born)</b>born in generation</li>
      <li><b>\(Figure.decimal(cluster.spread))</b>mean distance to the centre</li>
      </ul>
      \(form)
      \(sheet(cluster))
      <div class="columns">
      <div><h2>Modality</h2>\(table(cluster.modality, Palette(modality)))</div>
      <div><h2>Body part</h2>\(table(cluster.bodyPart, Palette(bodyPart)))</div>
      </div>
      <h2>Terms of the diagnoses</h2>
      \(words(cluster.terms, none: "No term is more frequent here than in the archive."))
      <h2>Tags</h2>
      \(words(cluster.tags, none: "No coded tag is more frequent here than in the archive."))
      <h2>Neighbours</h2>
      <p class="soft">The clusters with the nearest centres.</p>
      <table class="cards"><thead><tr><th>Picture</th><th>Cluster</th><th class="number">Distance</th><th>Mostly</th></tr></thead>
      <tbody>\(cluster.neighbours.map(neighbour).joined())</tbody></table>
      """)
  }

  private func sheet(_ cluster: ClusterProfile) -> String {
    guard cluster.members.rows.contains(where: { !$0.isEmpty }) else {
      return "<p>No unit of this cluster has a picture that may be shown.</p>"
    }
    return """
      <h2>What it looks like</h2>
      <figure><img class="sheet" src="../\(Self.sheetPath(cluster.label))"
      alt="Contact sheet: \(cluster.title.escaped). First row the medoid and the units nearest to the centre, then units half-way, last the farthest.">
      <figcaption>First row: the medoid, then the units nearest to the centre. Second row: half-way. Last row: the
      farthest, where a bad cluster shows first.</figcaption></figure>
      """
  }

  private func table(_ mix: Mix, _ palette: Palette) -> String {
    let rows = mix.shares.prefix(12).map { share in
      """
      <tr><td class="key"><i class="b\(palette.number(share.value))"></i>\(share.value.escaped)</td>
      <td class="number">\(Figure.count(share.count))</td><td class="number">\(Figure.percent(share.count, of: mix.total))</td></tr>
      """
    }.joined()
    let rest = mix.shares.count - 12
    let more = rest > 0 ? "<p class=\"soft\">and \(rest) more</p>" : ""
    return
      "<table><thead><tr><th>Value</th><th class=\"number\">Units</th><th class=\"number\">Share</th></tr></thead><tbody>\(rows)</tbody></table>\(more)"
  }

  private func words(_ words: [String], none: String) -> String {
    guard !words.isEmpty else { return "<p class=\"soft\">\(none)</p>" }
    return "<ul class=\"words\">" + words.map { "<li>\($0.escaped)</li>" }.joined() + "</ul>"
  }

  private func neighbour(_ id: Int, _ distance: Double) -> String {
    let label = ClusterRecord.label(id)
    let other = cluster(label)
    let picture =
      other?.members.rows.first?.isEmpty == false
      ? "<img class=\"thumb\" loading=\"lazy\" width=\"64\" height=\"64\" src=\"../\(Self.thumbnailPath(label))\" alt=\"Medoid of \(label)\">"
      : ""
    return """
      <tr><td class="picture">\(picture)</td><td><a href="\(label).html">\(label)</a></td>
      <td class="number" data-label="Distance">\(Figure.decimal(distance))</td>
      <td data-label="Mostly">\((other?.title ?? "").escaped)</td></tr>
      """
  }
}
