import Core
import Foundation

extension Experiment.Outcome {
  /// A self-contained HTML page: the choice, bars for every arrangement, and all metrics.
  package var page: String {
    let stages: [(key: String, title: String, text: String)] = [
      ("sources", "Each source alone", "Which extractor serves each source best."),
      (
        "fusion", "Fused",
        "Strategy, weights and extractors of image, tags and text, in this order; the chosen one in bold, then the best on validation studies, then equal weights."
      ),
      ("ablation", "Without one source", "The chosen fusion with a source left out."),
    ]
    let k = rows.map(\.k).max() ?? 0
    let sections = stages.map { stage in
      """
      <section>
      <h2>\(stage.title)</h2>
      <p>\(stage.text) k-means, k = \(k).</p>
      \(chart(shown(stage.key), title: stage.title))
      </section>
      """
    }.joined(separator: "\n")
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>radiologynet: evaluation of \(units) units</title>
      <style>\(Self.style)</style>
      </head>
      <body>
      <h1>Evaluation</h1>
      <p>\(units) units: \(Part.allCases.map { "\(parts[$0.rawValue] ?? 0) \($0.rawValue)" }.joined(separator: ", ")).
      Chosen on the validation units, without tags that name modality or body part:
      <strong>\(chosen.name.escaped)</strong>.</p>
      <p>H is the mean homogeneity of modality and body part, 0 to 1; so are NMI and, adjusted for chance, AMI
      and ARI. Bars: clustered and judged on the whole archive; dots: clustered on the training studies, judged
      on the test studies, which are fewer, so high homogeneity is easier to reach. Networks are trained on the
      training studies for both. Lines: one standard deviation over seeds. Hatched: the tags name what is
      judged.</p>
      \(sections)
      <section><h2>What each source adds</h2>\(effectTable)</section>
      <section><h2>When a source is missing</h2>
      <p>Every other study of the chosen arrangement lacks a source; H of these studies.</p>\(lossTable)</section>
      <section><h2>All metrics</h2>\(figureTable)</section>
      <footer>radiologynet \(softwareVersion), archive \(corpus.prefix(12))</footer>
      </body>
      </html>

      """
  }

  /// What a chart has room for: the winner, then the best on the validation studies.
  private func shown(_ stage: String) -> [Cell] {
    let cells = ranked.filter { $0.stage == stage }
    guard stage == "fusion" else { return cells }
    let winner = cells.filter { $0.name == chosen.name }
    let others = cells.filter { $0.name != chosen.name }.sorted { $0.rank > $1.rank }
    let strategies = others.filter { $0.name.contains(" 1:1:1 ") }
    return winner + others.prefix(16)
      + strategies.filter { cell in
        !others.prefix(16).contains { $0.name == cell.name }
      }.prefix(8)
  }

  /// Bars below their labels, so that long labels have room on a narrow screen too.
  private func chart(_ cells: [Cell], title: String) -> String {
    let row = 38
    let width = 640
    let bars = cells.enumerated().map { index, cell -> String in
      let whole = cell.spread(\.archive.homogeneity)
      let test = cell.spread(\.test.homogeneity)
      let top = index * row + 18
      let end = whole.mean * Double(width)
      let reach = whole.deviation * Double(width)
      let weight = cell.name == chosen.name ? " font-weight=\"bold\"" : ""
      return """
        <text x="0" y="\(top - 4)"\(weight)>\(cell.label.escaped)</text>
        <rect class="\(cell.leaking ? "leaking" : "blind")" x="0" y="\(top)" height="14" width="\(end.pixels)"><title>\(cell.name.escaped): H \(whole.text), test \(test.text)</title></rect>
        <line x1="\((end - reach).pixels)" x2="\((end + reach).pixels)" y1="\(top + 7)" y2="\(top + 7)"/>
        <circle cx="\((test.mean * Double(width)).pixels)" cy="\(top + 7)" r="3.5"/>
        <text x="\(width + 10)" y="\(top + 11)">\(String(format: "%.3f", whole.mean))</text>
        """
    }.joined(separator: "\n")
    let height = cells.count * row + 22
    let ticks = [0, 0.25, 0.5, 0.75, 1].map { tick -> String in
      let x = (tick * Double(width)).pixels
      let anchor = tick == 0 ? "start" : "middle"
      return """
        <line class="grid" x1="\(x)" x2="\(x)" y1="0" y2="\(height - 20)"/>
        <text class="tick" x="\(x)" y="\(height - 4)" text-anchor="\(anchor)">\(tick.short)</text>
        """
    }.joined(separator: "\n")
    return """
      <div class="scroll"><svg viewBox="0 0 \(width + 50) \(height)" role="img" aria-label="\(title): mean homogeneity by arrangement; the same numbers are in the table below">
      <defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="paper" width="6" height="6"/><rect class="stripe" width="3" height="6"/></pattern></defs>
      \(ticks)
      \(bars)
      </svg></div>
      """
  }

  private var effectTable: String {
    let lines = [false, true].flatMap { leaking in
      effects(leaking: leaking).map { source, effect in
        "<tr><td>\(leaking ? "with leaking tags" : "blind")</td><td>\(source)</td>"
          + "<td>\(effect.signed)</td></tr>"
      }
    }
    return """
      <table><thead><tr><th>Tags</th><th>Source</th><th>H with it minus H without it</th></tr></thead>
      <tbody>\(lines.joined(separator: "\n"))</tbody></table>
      """
  }

  private var lossTable: String {
    let lines = losses.map { loss in
      "<tr><td>\(loss.source)</td><td>\(Spread(loss.with).text)</td>"
        + "<td>\(Spread(loss.without).text)</td><td>\(loss.change.signed)</td></tr>"
    }
    return """
      <table><thead><tr><th>Source</th><th>With it</th><th>Without it</th><th>Change</th></tr></thead>
      <tbody>\(lines.joined(separator: "\n"))</tbody></table>
      """
  }

  private var figureTable: String {
    let columns: [(title: String, value: (Experiment.Row) -> Double)] = [
      ("H", \.archive.homogeneity), ("H modality", \.archive.modalityHomogeneity),
      ("H body part", \.archive.regionHomogeneity), ("NMI", \.archive.nmi),
      ("AMI", \.archive.ami), ("ARI", \.archive.ari), ("MI", \.archive.information),
      ("Image spread", \.archive.imageSpread), ("Text spread", \.archive.textSpread),
      ("S", \.archive.score), ("H test", \.test.homogeneity), ("NMI test", \.test.nmi),
      ("AMI test", \.test.ami), ("ARI test", \.test.ari),
    ]
    let lines = cells.map { cell -> String in
      let figures = columns.map { "<td>\(cell.spread($0.value).text)</td>" }.joined()
      return
        "<tr><td>\(cell.name.escaped)</td><td>\(cell.grouping)</td><td>\(cell.k)</td>\(figures)</tr>"
    }
    let heads = ["Arrangement", "Method", "k"] + columns.map(\.title)
    return """
      <div class="scroll"><table><thead><tr>\(heads.map { "<th>\($0)</th>" }.joined())</tr></thead>
      <tbody>\(lines.joined(separator: "\n"))</tbody></table></div>
      """
  }

  private static let style = """
    :root { color-scheme: light dark; --ink: #1b2733; --paper: #fff; --bar: #2f6f9f; --other: #b7791f; --line: #d5dce3; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e4e9ee; --paper: #14191f; --bar: #6db0df; --other: #e0b055; --line: #35404b; } }
    body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
    h1, h2 { line-height: 1.2; }
    .scroll { overflow-x: auto; }
    svg { min-width: 34rem; width: 100%; height: auto; font-size: 12px; fill: var(--ink); }
    svg rect.blind { fill: var(--bar); } svg rect.leaking { fill: url(#hatch); } .stripe { fill: var(--other); } .paper { fill: var(--paper); }
    svg line { stroke: var(--ink); stroke-width: 1.5; } svg line.grid { stroke: var(--line); stroke-width: 1; }
    svg circle { fill: var(--paper); stroke: var(--ink); stroke-width: 1.5; }
    table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
    th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
    footer { margin-top: 2rem; opacity: .7; }
    """
}

extension Experiment.Outcome.Cell {
  /// A short name for charts: with all three sources only their methods, in order.
  var label: String {
    guard sources.count == Block.allCases.count else { return name }
    return Block.allCases.reduce(name) { $0.replacing("\($1.name) ", with: "") }
  }
}
