import Core
import Foundation
import Store

extension Report {
  /// A page of one cluster: on the first its composition, on each some of its members.
  ///
  /// - Returns: `nil` if it has fewer pages.
  func page(of cluster: ClusterProfile, _ number: Int) throws -> Page? {
    let label = cluster.label
    let count = pages(of: cluster)
    guard number <= max(1, count) else { return nil }
    let members = try count > 0 ? self.members(of: cluster, number) : ""
    let main =
      number == 1
      ? """
      \(try summary(of: cluster))
      \(members)
      """
      : """
      <p><a href="\(label).html">Composition of \(label)</a></p>
      \(members)
      """
    return archive.page(
      PagePath.cluster(label, page: number), title: "\(label): \(cluster.title)", main)
  }

  private func summary(of cluster: ClusterProfile) throws -> String {
    """
    <ul class="facts">
    <li><b>\(Figure.count(cluster.size))</b>units, \(Figure.percent(cluster.size, of: archive.units)) of the archive</li>
    <li><b>\(cluster.record.trust)</b>trust</li>
    <li><b>\(cluster.record.born)</b>born in generation</li>
    <li><b>\(Figure.decimal(cluster.spread))</b>mean distance to the centre</li>
    </ul>
    \(predecessors(of: cluster))
    \(verdict(on: cluster))
    \(reviewing.map { $0.form(cluster, path: PagePath.cluster(cluster.label)) } ?? "")
    \(sheet(cluster))
    \(composition(of: cluster))
    <h2>Neighbours</h2>
    <p class="soft">The clusters with the nearest centres.</p>
    <table class="cards"><thead><tr><th>Picture</th><th>Cluster</th><th class="number">Distance</th><th>Mostly</th></tr></thead>
    <tbody>\(cluster.neighbours.map(neighbour).joined())</tbody></table>
    \(reviewing.map { $0.proposals(cluster, others: archive.clusters) } ?? "")
    """
  }

  /// Who reviewed it, what has changed since, and what is proposed.
  func verdict(on cluster: ClusterProfile) -> String {
    var lines: [String] = []
    if let review = cluster.review {
      let reviewer = review.reviewer.map { " by \($0.escaped)" } ?? ""
      let comment = review.comment.map { ": “\($0.escaped)”" } ?? ""
      lines.append(
        "<p>\(cluster.record.trust.capitalized)\(reviewer) in generation \(review.generation)\(comment).</p>"
      )
    }
    if let change = cluster.change {
      lines.append(
        change.isLarge
          ? "<p class=\"warn\">Changed since its review: \(change.inWords.escaped).</p>"
          : "<p class=\"soft\">Since its review: \(change.inWords.escaped).</p>")
    }
    for proposal in archive.state.proposals where proposal.clusters.contains(cluster.record.id) {
      let labels = proposal.clusters.map(ClusterRecord.label).joined(separator: ", ")
      lines.append("<p>Proposed to the next recluster: \(proposal.kind.rawValue) \(labels).</p>")
    }
    return lines.joined(separator: "\n")
  }

  /// Values, words and tags of a cluster.
  func composition(of cluster: ClusterProfile) -> String {
    """
    <div class="columns">
    <div><h2>Modality</h2>\(table(cluster.modality, Palette(archive.modality)))</div>
    <div><h2>Body part</h2>\(table(cluster.bodyPart, Palette(archive.bodyPart)))</div>
    </div>
    <h2>Words of the diagnoses</h2>
    \(Self.words(cluster.terms, none: "No word is more frequent here than in the archive."))
    <h2>Tags</h2>
    \(Self.words(cluster.tags, none: "No coded tag is more frequent here than in the archive."))
    """
  }

  private func members(of cluster: ClusterProfile, _ number: Int) throws -> String {
    let keys = Gallery.page(number, of: cluster.keys)
    let first = Figure.count((number - 1) * Gallery.size + 1)
    let last = Figure.count((number - 1) * Gallery.size + keys.count)
    let all = Gallery.pages(cluster.keys)
    let count = pages(of: cluster)
    let rest =
      count < all
      ? "<p class=\"soft\">This report holds the first \(Gallery.size); <code>radiologynetctl report --studies all</code> writes all.</p>"
      : ""
    return """
      <section aria-labelledby="members">
      <h2 id="members">Members</h2>
      <p class="soft">\(first) to \(last) of \(Figure.count(cluster.size)), by distance to the centre.</p>
      \(rest)
      \(Gallery.pager(cluster.label, number, of: count))
      \(try gallery(keys))
      \(Gallery.pager(cluster.label, number, of: count).replacing("Pages of members", with: "Pages of members, again"))
      </section>
      """
  }

  /// Which ended clusters' labels stand for this one.
  private func predecessors(of cluster: ClusterProfile) -> String {
    let items = archive.predecessors(of: cluster.record.id).map { record in
      let label = ClusterRecord.label(record.id)
      return
        "<li id=\"was-\(label)\">\(label) ended in generation \(record.retired ?? 0): its label stands for \(cluster.label) now.</li>"
    }
    return items.isEmpty ? "" : "<ul class=\"was\">\(items.joined())</ul>"
  }

  /// A page for the label of a cluster that has ended; `nil` if no cluster ever had it.
  func endedPage(_ id: Int) -> Page? {
    guard let retired = archive.record(id)?.retired else { return nil }
    let label = ClusterRecord.label(id)
    let successor = archive.successor(of: id).map(ClusterRecord.label)
    let link =
      successor.map {
        "<p>Its label stands for <a href=\"\($0).html#was-\(label)\">\($0)</a> now.</p>"
      } ?? ""
    return archive.page(
      PagePath.cluster(label), title: "\(label) has ended",
      "<p>The cluster ended in generation \(retired).</p>\(link)")
  }

  /// Where the page of an ended cluster leads to; `nil` if the path names no such page.
  package func successor(_ path: String) -> String? {
    guard case .cluster(let id, _) = Target(path), archive.cluster(id) == nil,
      let successor = archive.successor(of: id)
    else { return nil }
    return "\(PagePath.cluster(ClusterRecord.label(successor)))#was-\(ClusterRecord.label(id))"
  }

  /// The contact sheet, with words for what can't be seen.
  func sheet(_ cluster: ClusterProfile) -> String {
    guard cluster.members.rows.contains(where: { !$0.isEmpty }) else {
      return "<p>No unit of this cluster has a picture that may be shown.</p>"
    }
    return """
      <h2>What it looks like</h2>
      <figure><img class="sheet" src="../\(PagePath.sheet(cluster.label))"
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

  static func words(_ words: [String], none: String) -> String {
    guard !words.isEmpty else { return "<p class=\"soft\">\(none)</p>" }
    return "<ul class=\"words\">" + words.map { "<li>\($0.escaped)</li>" }.joined() + "</ul>"
  }

  private func neighbour(_ id: Int, _ distance: Double) -> String {
    let label = ClusterRecord.label(id)
    let other = archive.cluster(id)
    let picture =
      other?.members.rows.first?.isEmpty == false
      ? "<img class=\"thumb\" loading=\"lazy\" width=\"64\" height=\"64\" src=\"../\(PagePath.medoid(label))\" alt=\"Medoid of \(label)\">"
      : ""
    return """
      <tr><td class="picture">\(picture)</td><td><a href="\(label).html">\(label)</a></td>
      <td class="number" data-label="Distance">\(Figure.decimal(distance))</td>
      <td data-label="Mostly">\((other?.title ?? "").escaped)</td></tr>
      """
  }
}
