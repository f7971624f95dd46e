import Core
import Foundation

extension Experiment.Outcome {
  /// All rows of one arrangement, method and number of clusters, over the seeds.
  struct Cell {
    var stage: String
    var name: String
    var sources: [String]
    var leaking: Bool
    var grouping: String
    var k: Int
    var rows: [Experiment.Row]

    func spread(_ figure: (Experiment.Row) -> Double) -> Spread { Spread(rows.map(figure)) }

    /// Validation only, so that nobody is led to choose by what reports.
    var rank: Double { spread { $0.validation.homogeneity + $0.validation.nmi }.mean }
  }

  /// In the order of their first rows.
  var cells: [Cell] {
    var cells: [Cell] = []
    var places: [String: Int] = [:]
    for row in rows {
      let key = "\(row.stage)|\(row.name)|\(row.grouping)|\(row.k)"
      if let place = places[key] {
        cells[place].rows.append(row)
      } else {
        places[key] = cells.count
        cells.append(
          Cell(
            stage: row.stage, name: row.name, sources: row.sources, leaking: row.leaking,
            grouping: row.grouping, k: row.k, rows: [row]))
      }
    }
    return cells
  }

  /// The winner's features, for training.
  public func select(from features: Configuration.Features) -> Configuration.Features {
    chosen.applied(to: features)
  }

  /// The winner and its figures in one line, for a bundle's manifest.
  public var selection: String {
    guard let cell = ranked.first(where: { $0.stage == "fusion" && $0.name == chosen.name }) else {
      return chosen.name
    }
    return "\(chosen.name); k-means, k = \(cell.k), blind: "
      + "H \(cell.spread(\.archive.homogeneity).text), NMI \(cell.spread(\.archive.nmi).text) on the archive, "
      + "H \(cell.spread(\.test.homogeneity).text) on test studies"
  }

  /// The cells that rank: k-means at the largest number of clusters.
  var ranked: [Cell] {
    let k = rows.map(\.k).max()
    return cells.filter { $0.grouping == Grouping.kMeans.rawValue && $0.k == k }
  }

  /// What fusing adds: for each source, the homogeneity with it less that without it, run by run.
  func effects(leaking: Bool) -> [(source: String, effect: Spread)] {
    let winner = leaking ? chosenLeaking : chosen
    func runs(_ arrangement: Arrangement, _ stage: String) -> [Experiment.Row] {
      ranked.first { $0.stage == stage && $0.name == arrangement.name }?.rows ?? []
    }
    return winner.sources.map { block in
      let pairs = zip(runs(winner, "fusion"), runs(winner.without(block), "ablation"))
      return (
        block.name, Spread(pairs.map { $0.archive.homogeneity - $1.archive.homogeneity })
      )
    }
  }

  private static let linesOfStage = 12

  /// The table for a terminal.
  public var table: String {
    let k = rows.map(\.k).max() ?? 0
    var lines = [
      "\(units) units: "
        + Part.allCases.map { "\(parts[$0.rawValue] ?? 0) \($0.rawValue)" }.joined(separator: ", "),
      "k-means, k = \(k), mean ± sd over \(Set(rows.map(\.seed)).count) seeds; H and NMI: means over modality and region",
      "",
      "archive: fitted and judged on all; test: fitted on training studies, judged on others",
    ]
    let columns = ["H archive", "NMI archive", "MI archive", "S archive", "H test"]
    for stage in ["sources", "fusion", "ablation"] {
      let all = ranked.filter { $0.stage == stage }
      let best = all.sorted { $0.rank > $1.rank }.prefix(Self.linesOfStage)
      let cells =
        stage == "sources"
        ? all : all.filter { $0.name == chosen.name } + best.filter { $0.name != chosen.name }
      let width = cells.map(\.name.count).max() ?? 0
      lines += ["", stage.padded(width) + columns.map { "  " + $0.padded(13) }.joined()]
      for cell in cells {
        let figures = [
          cell.spread(\.archive.homogeneity), cell.spread(\.archive.nmi),
          cell.spread(\.archive.information), cell.spread(\.archive.score),
          cell.spread(\.test.homogeneity),
        ]
        lines.append(
          cell.name.padded(width) + figures.map { "  " + $0.text.padded(13) }.joined())
      }
      if all.count > cells.count {
        lines.append(
          "(the best on the validation studies; \(all.count - cells.count) more on the page)")
      }
    }
    for leaking in [false, true] {
      lines += [
        "",
        "what each source adds to H, paired by seed, \(leaking ? "with leaking tags" : "blind")",
      ]
      for (source, effect) in effects(leaking: leaking) {
        lines.append("  \(source.padded(8))\(effect.mean < 0 ? "" : "+")\(effect.text)")
      }
    }
    lines += ["", "chosen on the validation studies: \(selection)"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// One line a clustering.
  public var csv: String {
    let header =
      "stage,arrangement,leaking,method,k,seed,fitted,judged,modality_homogeneity,region_homogeneity,"
      + "modality_mi,region_mi,modality_nmi,region_nmi,image_spread,text_spread,s"
    let lines = rows.flatMap { row in
      [
        ("all", "all", row.archive), ("training", "validation", row.validation),
        ("training", "test", row.test),
      ]
      .map { fitted, judged, figures in
        let numbers = [
          figures.modalityHomogeneity, figures.regionHomogeneity, figures.modalityInformation,
          figures.regionInformation, figures.modalityNMI, figures.regionNMI, figures.imageSpread,
          figures.textSpread, figures.score,
        ].map { String(format: "%.6f", $0) }
        let head = [
          row.stage, "\"\(row.name)\"", String(row.leaking), row.grouping, String(row.k),
          String(row.seed), fitted, judged,
        ]
        return (head + numbers).joined(separator: ",")
      }
    }
    return ([header] + lines).joined(separator: "\n") + "\n"
  }

  public var json: Data {
    get throws {
      struct File: Encodable {
        var schema = 1
        var software = softwareVersion
        var corpus: String
        var units: Int
        var parts: [String: Int]
        var chosen: String
        var rows: [Experiment.Row]
      }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
      return try encoder.encode(
        File(corpus: corpus, units: units, parts: parts, chosen: chosen.name, rows: rows))
    }
  }
}

extension Spread {
  var text: String { String(format: "%.3f ± %.3f", mean, deviation) }
}

extension String {
  /// Filled with spaces on the right.
  func padded(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
