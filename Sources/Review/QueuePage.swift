import Core
import Store

extension Report {
  /// The order in which clusters are to be reviewed.
  var queuePage: Page {
    archive.page(
      "queue.html", title: "Queue",
      "\(reviewing?.undoForm ?? "")\(list(archive.queue, current: nil, root: ""))")
  }

  /// One cluster of the queue, with what decides about it.
  func queued(_ cluster: ClusterProfile) throws -> Page {
    let label = cluster.label
    let doubt = archive.doubt(cluster)
    let queue = archive.queue
    let place = queue.firstIndex { $0.record.id == cluster.record.id }.map { $0 + 1 }
    func link(_ other: ClusterProfile?, _ text: String, _ key: String) -> String {
      other.map {
        "<a href=\"../\(PagePath.queue($0.label))\" data-key=\"\(key)\">\(text) <kbd>\(key)</kbd></a>"
      } ?? ""
    }
    return archive.page(
      PagePath.queue(label), title: "\(label): \(cluster.title)",
      """
      <p>\(place.map { "Number \($0) of \(queue.count)" } ?? "Reviewed; \(queue.count) are left").
      <a href="../\(PagePath.cluster(label))">All about \(label)</a>
      \(link(archive.previous(before: cluster.record.id), "Previous", "k"))
      \(link(archive.next(after: cluster.record.id), "Next", "j"))</p>
      \(reviewing.map { $0.form(cluster, path: PagePath.queue(label)) } ?? "")
      \(reviewing?.undoForm ?? "")
      <ul class="facts">
      <li><b>\(Figure.count(cluster.size))</b>units</li>
      <li><b>\(Figure.decimal(doubt.value))</b>doubt\(doubt.reasons.isEmpty ? "" : ": " + doubt.reasons.joined(separator: ", "))</li>
      <li><b>\(cluster.record.trust)</b>trust</li>
      </ul>
      \(verdict(on: cluster))
      \(sheet(cluster))
      \(composition(of: cluster))
      <h2>Farthest members</h2>
      \(try gallery(cluster.keys.suffix(12).reversed()))
      <h2>The queue</h2>
      \(list(queue, current: cluster, root: "../"))
      """)
  }

  private func list(_ queue: [ClusterProfile], current: ClusterProfile?, root: String) -> String {
    guard !queue.isEmpty else { return "<p>Every cluster is reviewed.</p>" }
    let rows = queue.enumerated().map { index, cluster in
      let doubt = archive.doubt(cluster)
      let path =
        reviewing == nil ? PagePath.cluster(cluster.label) : PagePath.queue(cluster.label)
      let here = cluster.record.id == current?.record.id ? " aria-current=\"true\"" : ""
      return """
        <tr\(here)><td class="number" data-label="Number">\(index + 1)</td><td><a href="\(root)\(path)">\(cluster.label)</a> \(cluster.title.escaped)</td>
        <td class="number" data-label="Units">\(Figure.count(cluster.size))</td><td class="number" data-label="Doubt">\(Figure.decimal(doubt.value))</td>
        <td data-label="Why">\(doubt.reasons.joined(separator: ", "))</td></tr>
        """
    }.joined(separator: "\n")
    return """
      <p class="soft">Clusters without a verdict, and those that have changed since, by size times doubt. Doubt is the mean of
      impurity (one minus the shares of the commonest modality and body part, multiplied) and spread.</p>
      <table class="cards plain"><thead><tr><th class="number">Number</th><th>Cluster</th><th class="number">Units</th>
      <th class="number">Doubt</th><th>Why</th></tr></thead><tbody>
      \(rows)
      </tbody></table>
      """
  }
}
