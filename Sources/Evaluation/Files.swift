import Core
import Foundation

extension Experiment.Outcome.Cell {
  /// What was fitted and what is judged, with the metrics of each run.
  fileprivate var views: [(fitted: String, judged: String, figures: [Metrics])] {
    [
      ("all", "all", rows.map(\.archive)), ("training", "validation", rows.map(\.validation)),
      ("training", "test", rows.map(\.test)),
    ]
  }
}

extension Experiment.Outcome {
  /// One line for each arrangement, method, number of clusters and judged part: mean and standard deviation of every
  /// metric over the seeds.
  package var csv: String {
    let header =
      ["stage", "arrangement", "leaking", "method", "k", "seeds", "fitted", "judged"]
      + Metrics.all.flatMap { [$0.name, $0.name + "_sd"] }
    let lines = cells.flatMap { cell in
      cell.views.map { fitted, judged, figures in
        [
          cell.stage, "\"\(cell.name)\"", String(cell.leaking), cell.grouping, String(cell.k),
          String(figures.count), fitted, judged,
        ]
          + Metrics.all.flatMap { figure in
            let spread = Spread(figures.map { $0[keyPath: figure.value] })
            return [spread.mean, spread.deviation].map { String(format: "%.6f", $0) }
          }
      }
    }
    return ([header] + lines).map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
  }

  /// The same with the metrics of each run.
  package var json: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      return try encoder.encode(
        File(
          corpus: corpus, units: units, parts: parts, chosen: chosen.name,
          results: cells.flatMap { cell in
            cell.views.map { fitted, judged, figures in
              File.Result(
                stage: cell.stage, name: cell.name, sources: cell.sources, leaking: cell.leaking,
                method: cell.grouping, k: cell.k, fitted: fitted, judged: judged,
                figures: Dictionary(
                  uniqueKeysWithValues: Metrics.all.map { figure in
                    (figure.name, File.Figure(figures.map { $0[keyPath: figure.value] }))
                  }))
            }
          },
          missing: losses.map { loss in
            File.Missing(
              source: loss.source,
              homogeneity: ["with": File.Figure(loss.with), "without": File.Figure(loss.without)])
          }))
    }
  }

  private struct File: Encodable {
    struct Figure: Encodable {
      var mean: Double
      var sd: Double
      /// By seed.
      var runs: [Double]

      init(_ values: [Double]) {
        func short(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
        let spread = Spread(values)
        mean = short(spread.mean)
        sd = short(spread.deviation)
        runs = values.map(short)
      }
    }

    struct Result: Encodable {
      var stage: String
      var name: String
      var sources: [String]
      var leaking: Bool
      var method: String
      var k: Int
      var fitted: String
      var judged: String
      var figures: [String: Figure]
    }

    /// Results when half of the studies lack a source.
    struct Missing: Encodable {
      var source: String
      var homogeneity: [String: Figure]
    }

    var schema = 2
    var software = softwareVersion
    var corpus: String
    var units: Int
    var parts: [String: Int]
    var chosen: String
    var results: [Result]
    var missing: [Missing]
  }
}
