import Core
import Features
import Store

extension Report {
  /// Revisions shown at most.
  private static let longestHistory = 50

  /// The page of one unit; `nil` if there is no such unit in this report.
  ///
  /// - Throws: `StoreError`.
  func studyPage(_ key: String) throws -> Page? {
    guard hasPage(key), let unit = try store.unit(key), let place = archive.space.place(of: unit)
    else { return nil }
    let cluster = ClusterRecord.label(unit.cluster)
    let isShown = try store.hasThumbnail(key)
    let picture =
      isShown
      ? "<img class=\"study\" width=\"192\" height=\"192\" src=\"../\(PagePath.picture(key))\" alt=\"A picture of the study\">"
      : "<p>It has no picture that may be shown.</p>"
    return archive.page(
      PagePath.study(key), title: "Study \(key.shortKey)",
      """
      \(picture)
      <dl class="pairs">
      <div><dt>Cluster</dt><dd>\(link(to: unit.cluster))</dd></div>
      <div><dt>Distance to its centre</dt><dd>\(Figure.decimal(place.distance))\(place.isNovel ? ", farther than any the cluster was fitted on" : "")</dd></div>
      <div><dt>Second cluster</dt><dd>\(place.second.map(link) ?? "none")</dd></div>
      <div><dt>Margin</dt><dd>\(Figure.decimal(place.margin))\(place.margin < 0 ? ", nearer to the second cluster" : "")</dd></div>
      <div><dt>Modality</dt><dd>\((unit.modality ?? Mix.unknown).escaped)</dd></div>
      <div><dt>Body part</dt><dd>\((unit.bodyPart ?? Mix.unknown).escaped)</dd></div>
      <div><dt>Instances, frames</dt><dd>\(Figure.count(unit.instances)), \(Figure.count(unit.frames))</dd></div>
      <div><dt>Key</dt><dd><code class="key">\(key.escaped)</code></dd></div>
      </dl>
      \(try placement(of: key))
      \(reviewing.map { $0.move(unit.unitKey, from: cluster, to: archive.clusters) } ?? "")
      <h2>Words of the diagnosis</h2>
      \(Self.words(try terms(of: unit), none: "No word that enough patients share."))
      <h2>Tags</h2>
      \(Self.words(try tags(of: unit), none: "No tag that enough patients share."))
      <h2>Nearest studies</h2>
      \(try nearestStudies(unit))
      <h2>Annotations</h2>
      \(history(try events(of: unit)))
      """)
  }

  /// Where a reviewer put it.
  private func placement(of key: String) throws -> String {
    guard let placement = try store.placements()[key] else { return "" }
    let out = placement.excluded.sorted().map(ClusterRecord.label).joined(separator: ", ")
    let words = [
      placement.cluster.map { "to \(ClusterRecord.label($0))" },
      out.isEmpty ? nil : "out of \(out)",
    ].compactMap { $0 }
    return "<p>A reviewer moved it \(words.joined(separator: ", ")).</p>"
  }

  private func link(to cluster: Int) -> String {
    let label = ClusterRecord.label(cluster)
    let title = archive.cluster(cluster)?.title ?? ""
    return "<a href=\"../\(PagePath.cluster(label))\">\(label)</a> \(title.escaped)"
  }

  private func terms(of unit: UnitRecord) throws -> [String] {
    let reports = try store.reports(ofStudy: unit.studyKey, bundle: unit.bundle)
    let counts = reports.values.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
    let vocabulary = archive.words.vocabulary
    let known = counts.filter { vocabulary.indices.contains($0.key) }
      .map { (word: vocabulary[$0.key], count: $0.value) }
      .filter { archive.words.terms.contains($0.word) }
    return known.sorted { ($0.count, $1.word) > ($1.count, $0.word) }.map {
      $0.count > 1 ? "\($0.word) × \($0.count)" : $0.word
    }
  }

  private func tags(of unit: UnitRecord) throws -> [String] {
    let instances = try store.instances(ofStudy: unit.studyKey)
    let own = instances.filter {
      [$0.instanceKey, $0.seriesKey, unit.studyKey].contains(unit.unitKey)
    }
    let summary = AcquisitionTag.summary(own.compactMap(\.tags))
    return AcquisitionTag.all.compactMap { DistinctiveTerms.shown($0, summary) }
      .filter(archive.words.tags.contains)
  }

  /// The nearest studies of a unit, by what shows them; none without an index.
  private func nearestStudies(_ unit: UnitRecord) throws -> String {
    guard let nearest else {
      return "<p class=\"soft\">There is no index of similar studies.</p>"
    }
    let found = try nearest(unit)
    let distances = Dictionary(found.map { ($0.unitKey, $0.distance) }) { first, _ in first }
    return try gallery(found.map(\.unitKey)) { key in
      "\(key.shortKey), \(Figure.decimal(distances[key] ?? 0))"
    }
  }

  /// The nearest studies whose pictures a study's page shows.
  func nearestWithPictures(_ key: String) throws -> [String] {
    guard let nearest, let unit = try store.unit(key) else { return [] }
    return try nearest(unit).map(\.unitKey).filter(PagePath.isName)
  }

  /// The annotation in force and those that it superseded, newest first.
  private func events(of unit: UnitRecord) throws -> [JSON] {
    var events: [JSON] = []
    var next = unit.lastSequence
    while next > 0, events.count < Self.longestHistory,
      let line = try store.lines(after: next - 1, limit: 1).first, line.sequence == next,
      let event = try? JSON(parsing: line.line), event["unit_key"]?.string == unit.unitKey
    {
      events.append(event)
      next = event["supersedes"]?.int ?? 0
    }
    return events
  }

  private func history(_ events: [JSON]) -> String {
    let rows = events.map { event in
      func cell(_ name: String, _ text: String, _ kind: String = "") -> String {
        "<td\(kind) data-label=\"\(name)\">\(text.escaped)</td>"
      }
      let number = " class=\"number\""
      return "<tr>"
        + cell("Revision", "\(event["revision"]?.int ?? 1)", number)
        + cell("Generation", "\(event["generation"]?.int ?? 0)", number)
        + cell("Cluster", event["cluster"]?.string ?? "")
        + cell("Distance", event["distance"]?.double.map(Figure.decimal) ?? "", number)
        + cell(
          "Blocks", (event["blocks"]?.array ?? []).compactMap(\.string).joined(separator: ", "))
        + cell("Reason", event["reason"]?.string ?? "first annotation") + "</tr>"
    }.joined(separator: "\n")
    return """
      <table class="cards plain"><thead><tr><th class="number">Revision</th><th class="number">Generation</th><th>Cluster</th>
      <th class="number">Distance</th><th>Blocks</th><th>Reason</th></tr></thead>
      <tbody>\(rows)</tbody></table>
      """
  }
}
