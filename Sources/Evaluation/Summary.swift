import Core

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

    /// From validation only, so that no one chooses by the test studies.
    var rank: Double { spread { $0.validation.homogeneity + $0.validation.nmi }.mean }
  }

  /// In order of their first rows.
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
  package func select(from features: Configuration.Features) -> Configuration.Features {
    chosen.applied(to: features)
  }

  /// The winner and its metrics in one line, for a bundle's manifest.
  package var selection: String {
    guard let cell = ranked.first(where: { $0.stage == "fusion" && $0.name == chosen.name }) else {
      return chosen.name
    }
    return "\(chosen.name); k-means, k = \(cell.k), blind: "
      + "H \(cell.spread(\.archive.homogeneity).text), NMI \(cell.spread(\.archive.nmi).text), "
      + "AMI \(cell.spread(\.archive.ami).text), ARI \(cell.spread(\.archive.ari).text) on the archive, "
      + "H \(cell.spread(\.test.homogeneity).text) on test studies"
  }

  /// The cells used for ranking: k-means at the largest number of clusters.
  var ranked: [Cell] {
    let k = rows.map(\.k).max()
    return cells.filter { $0.grouping == Grouping.kMeans.rawValue && $0.k == k }
  }

  /// What each source adds: homogeneity with it minus homogeneity without it, run by run.
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
}
