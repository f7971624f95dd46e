import Clustering
import Core
import Store

extension Archive {
  /// Paths of a cluster's pictures, relative to the report.
  static func sheetPath(_ label: String) -> String { "img/\(label).png" }
  static func thumbnailPath(_ label: String) -> String { "img/\(label)-medoid.png" }

  /// All clusters, largest first.
  var overview: Page {
    let (modalities, bodyParts) = (Palette(modality), Palette(bodyPart))
    let rows = clusters.map { row($0, modalities, bodyParts) }.joined(separator: "\n")
    let accepted = clusters.count { $0.record.trust == ClusterTrust.accepted.rawValue }
    return Page(
      "index.html", title: "Clusters",
      """
      <ul class="facts">
      <li><b>\(Figure.count(units))</b>units</li>
      <li><b>\(Figure.count(clusters.count))</b>clusters, \(accepted) accepted</li>
      <li><b>\(generations[0].number)</b>generation, since \(generations[0].time.prefix(10))</li>
      \(fact(agreements.modality, "modality"))\(fact(agreements.bodyPart, "body part"))
      </ul>
      <div class="columns">
      <div><h2>Modalities</h2>\(modalities.bar(modality, words: 6))</div>
      <div><h2>Body parts</h2>\(bodyParts.bar(bodyPart, words: 6))</div>
      </div>
      <p class="soft">\(modelsInWords)</p>
      <h2>All clusters</h2>
      <p class="soft">The picture is the cluster's medoid. Terms and tags are those that are more frequent in the cluster
      than in the archive; terms are stems.</p>
      <table class="cards">
      <thead><tr><th>Picture</th><th>Cluster</th><th class="number">Units</th><th>Modality</th><th>Body part</th>
      <th>Terms of the diagnoses</th><th>Tags</th><th>Trust</th></tr></thead>
      <tbody>
      \(rows)
      </tbody>
      </table>
      """)
  }

  private var modelsInWords: String {
    let blocks = Block.allCases.compactMap { block in
      models.extractors[block.name].map { "\(block.name) by \($0)" }
    }
    return
      ("Vectors: " + blocks.joined(separator: ", ") + ". "
      + (models.selection.map { "Chosen: \($0)." } ?? "")).escaped
  }

  private func fact(_ agreement: Agreement?, _ name: String) -> String {
    guard let agreement else { return "" }
    return
      "<li><b>\(Figure.decimal(agreement.homogeneity))</b>homogeneity, \(name) (NMI \(Figure.decimal(agreement.normalizedMutualInformation)))</li>"
  }

  private func row(_ cluster: ClusterProfile, _ modalities: Palette, _ bodyParts: Palette)
    -> String
  {
    let label = cluster.label
    let picture =
      cluster.members.rows.first?.isEmpty == false
      ? "<img class=\"thumb\" loading=\"lazy\" width=\"64\" height=\"64\" src=\"\(Self.thumbnailPath(label))\" alt=\"Medoid of \(label)\">"
      : ""
    let name = cluster.record.name.map { "<br><strong>\($0.escaped)</strong>" } ?? ""
    return """
      <tr><td class="picture">\(picture)</td>
      <td><a href="clusters/\(label).html">\(label)</a>\(name)</td>
      <td class="number" data-label="Units">\(Figure.count(cluster.size))</td>
      <td data-label="Modality">\(modalities.bar(cluster.modality, words: 2))</td>
      <td data-label="Body part">\(bodyParts.bar(cluster.bodyPart, words: 2))</td>
      <td data-label="Terms">\(cluster.terms.prefix(6).joined(separator: ", ").escaped)</td>
      <td data-label="Tags">\(cluster.tags.prefix(2).joined(separator: "; ").escaped)</td>
      <td data-label="Trust"><span class="trust \(cluster.record.trust)">\(cluster.record.trust)</span></td></tr>
      """
  }
}
