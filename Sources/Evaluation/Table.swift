import Core
import Foundation

extension Experiment.Outcome {
  private static let linesOfStage = 12

  /// The table for a terminal.
  package var table: String {
    let k = rows.map(\.k).max() ?? 0
    let lines = [
      "\(units) units: "
        + Part.allCases.map { "\(parts[$0.rawValue] ?? 0) \($0.rawValue)" }.joined(separator: ", "),
      "k-means, k = \(k), mean ± sd over \(Set(rows.map(\.seed)).count) seeds; all metrics: means over modality and region",
      "",
      "archive: clustered and judged as a whole; test: clustered on training studies, judged on others",
    ]
    let stages = ["sources", "fusion", "ablation"].flatMap(stageLines)
    let end = [
      "", "configured: \(configured?.name ?? "not measured")",
      "chosen on the validation studies: \(selection)",
    ]
    return (lines + stages + effectLines + lossLines + end).joined(separator: "\n") + "\n"
  }

  private func stageLines(_ stage: String) -> [String] {
    let columns: [(title: String, value: (Experiment.Row) -> Double)] = [
      ("H archive", \.archive.homogeneity), ("NMI archive", \.archive.nmi),
      ("AMI archive", \.archive.ami), ("ARI archive", \.archive.ari),
      ("S archive", \.archive.score), ("H test", \.test.homogeneity), ("AMI test", \.test.ami),
    ]
    let all = ranked.filter { $0.stage == stage }
    let named = [chosen.name, configured?.name]
    let best = all.sorted { $0.rank > $1.rank }.prefix(Self.linesOfStage)
    let cells =
      stage == "sources"
      ? all : all.filter { named.contains($0.name) } + best.filter { !named.contains($0.name) }
    let width = cells.map(\.name.count).max() ?? 0
    func line(_ head: String, _ fields: [String]) -> String {
      head.padded(width) + fields.map { "  " + $0.padded(13) }.joined()
    }
    var lines = ["", line(stage, columns.map(\.title))]
    for cell in cells {
      lines.append(line(cell.name, columns.map { cell.spread($0.value).text }))
    }
    if all.count > cells.count {
      lines.append(
        "(the best on the validation studies; \(all.count - cells.count) more on the page)")
    }
    return lines
  }

  private var effectLines: [String] {
    [false, true].flatMap { leaking in
      [
        "",
        "what each source adds to H, paired by seed, \(leaking ? "with leaking tags" : "blind")",
      ]
        + effects(leaking: leaking).map { source, effect in
          "  \(source.padded(8))\(effect.signed)"
        }
    }
  }

  private var lossLines: [String] {
    guard !losses.isEmpty else { return [] }
    return [
      "", "H of every other study of the chosen arrangement, when these lack a source",
      "  " + ["source", "with it", "without it", "change, paired"].map { $0.padded(15) }.joined(),
    ]
      + losses.map { loss in
        "  "
          + [
            loss.source, Spread(loss.with).text, Spread(loss.without).text, loss.change.signed,
          ].map { $0.padded(15) }.joined()
      }
  }
}

extension Experiment.Loss {
  /// Change in homogeneity, run by run.
  var change: Spread { Spread(zip(without, with).map { $0 - $1 }) }
}

extension Spread {
  var text: String { String(format: "%.3f ± %.3f", mean, deviation) }
  /// With a sign, for a difference.
  var signed: String { (mean < 0 ? "" : "+") + text }
}

extension String {
  /// Filled with spaces on the right.
  func padded(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
