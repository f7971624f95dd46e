import Clustering
import Core
import Store

extension Report {
  /// All clusters, largest first.
  var overview: Page {
    let (modalities, bodyParts) = (Palette(archive.modality), Palette(archive.bodyPart))
    let clusters = archive.clusters
    let accepted = clusters.count { $0.record.trust == ClusterTrust.accepted.rawValue }
    let generation = archive.generations[0]
    let table = self.table(modalities, bodyParts)
    return archive.page(
      "index.html", title: "Clusters",
      """
      <ul class="facts">
      <li><b>\(Figure.count(archive.units))</b>units</li>
      <li><b>\(Figure.count(clusters.count))</b>clusters, \(accepted) accepted</li>
      <li><b>\(generation.number)</b>generation, since \(generation.time.prefix(10))</li>
      \(fact(archive.agreements.modality, "modality"))\(fact(archive.agreements.bodyPart, "body part"))
      </ul>
      <div class="columns">
      <div><h2>Modalities</h2>\(modalities.bar(archive.modality, words: 6))</div>
      <div><h2>Body parts</h2>\(bodyParts.bar(archive.bodyPart, words: 6))</div>
      </div>
      <p class="soft">\(modelsInWords)</p>
      <h2>All clusters</h2>
      <p class="soft">The picture is the cluster's medoid. Words and tags are those that are more frequent in the cluster
      than in the archive.</p>
      \(reviewing?.undoForm ?? "")
      \(tools)
      \(reviewing.map { $0.bulk(table) } ?? table)
      """)
  }

  /// Search, filter and order, which a script shows and serves.
  private var tools: String {
    func options(_ mix: Mix) -> String {
      mix.shares.map { "<option>\($0.value.escaped)</option>" }.joined()
    }
    return """
      <div id="tools" class="review" role="search" aria-label="Clusters" hidden>
      <label>Search<br><input type="search" id="search" data-key="/"></label>
      <label>Trust<br><select id="trust"><option value="">all</option>\(ClusterTrust.allCases.map { "<option>\($0.rawValue)</option>" }.joined())</select></label>
      <label>Modality<br><select id="modality"><option value="">all</option>\(options(archive.modality))</select></label>
      <label>Body part<br><select id="part"><option value="">all</option>\(options(archive.bodyPart))</select></label>
      <label>Order<br><select id="order"><option value="size">size</option><option value="priority">size × doubt</option>
      <option value="doubt">doubt</option><option value="title">name</option><option value="label">number</option></select></label>
      <p id="found" role="status"></p>
      </div>
      """
  }

  private func table(_ modalities: Palette, _ bodyParts: Palette) -> String {
    let rows = archive.clusters.map { row($0, modalities, bodyParts) }.joined(separator: "\n")
    return """
      <table class="cards" id="clusters">
      <thead><tr>\(reviewing == nil ? "" : "<th>Tick</th>")<th>Picture</th><th>Cluster</th><th class="number">Units</th><th>Modality</th><th>Body part</th>
      <th>Words of the diagnoses</th><th>Tags</th><th>Trust</th></tr></thead>
      <tbody>
      \(rows)
      </tbody>
      </table>
      """
  }

  private var modelsInWords: String {
    let blocks = Block.allCases.compactMap { block in
      archive.models.extractors[block.name].map { "\(block.name) by \($0)" }
    }
    return
      ("Vectors: " + blocks.joined(separator: ", ") + ". "
      + (archive.models.selection.map { "Chosen: \($0)." } ?? "")).escaped
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
      ? "<img class=\"thumb\" loading=\"lazy\" width=\"64\" height=\"64\" src=\"\(PagePath.medoid(label))\" alt=\"Medoid of \(label)\">"
      : ""
    let doubt = archive.doubt(cluster)
    let box = reviewing.map { "<td class=\"tick\">\($0.box(cluster))</td>" } ?? ""
    return """
      <tr data-label="\(label)" data-title="\(cluster.title.escaped)" data-size="\(cluster.size)" data-doubt="\(Figure.decimal(doubt.value))" data-priority="\(Figure.decimal(doubt.priority))"
      data-trust="\(cluster.record.trust)" data-modality="\((cluster.modality.shares.first?.value ?? "").escaped)" data-part="\((cluster.bodyPart.shares.first?.value ?? "").escaped)">
      \(box)<td class="picture">\(picture)</td>
      <td><a href="\(PagePath.cluster(label))">\(label)</a><br><span\(cluster.record.name == nil ? " class=\"soft\"" : " class=\"name\"")>\(cluster.title.escaped)</span></td>
      <td class="number" data-label="Units">\(Figure.count(cluster.size))</td>
      <td data-label="Modality">\(modalities.bar(cluster.modality, words: 2))</td>
      <td data-label="Body part">\(bodyParts.bar(cluster.bodyPart, words: 2))</td>
      <td data-label="Words">\(cluster.terms.prefix(6).joined(separator: ", ").escaped)</td>
      <td data-label="Tags">\(cluster.tags.prefix(2).joined(separator: "; ").escaped)</td>
      <td data-label="Trust"><span class="trust \(cluster.record.trust)">\(cluster.record.trust)</span></td></tr>
      """
  }
}
