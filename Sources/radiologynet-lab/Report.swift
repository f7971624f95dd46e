import Core
import Embeddings
import Foundation
import Review
import Store

/// `report [FOLDER] --config FILE [--studies WHICH]`
func report(_ words: [String]) throws {
  let arguments = try Arguments(words, options: ["--config", "--studies"])
  guard let path = arguments.string("--config"), arguments.words.count <= 1 else {
    throw UsageError("report takes one folder")
  }
  let configuration = try Configuration(contentsOf: path)
  let folder = try OutputFolder(
    arguments.words.first ?? "report", .report, apartFrom: configuration)
  let progress = Progress()
  let store = try configuration.state.storeLocation.open(readOnly: true)
  progress.show("reading \(configuration.state.store)")
  var archive = try Archive(
    store, bundles: configuration.state.bundles,
    minimumPatients: configuration.features.vocabulary.minimumPatients,
    changeLimit: configuration.reviewChangeLimit)
  progress.show("laying out the map")
  archive.layOutNeighbours()
  let (bundle, layout) = try SimilarityIndex.current(store, bundles: configuration.state.bundles)
  let index = try SimilarityIndex(store, bundle: bundle, layout: layout)
  let report = Report(
    archive, store: store, studies: try arguments.choice("--studies", .shown),
    nearest: { unit in
      try index.nearest(to: unit.unitKey, count: Report.nearestCount, in: store).map {
        ($0.unitKey, $0.distance)
      }
    })
  try report.write(
    to: folder
  ) { progress.show($0) }
  progress.end()
  show(
    "\(folder.path)/index.html: \(archive.units) units in \(archive.clusters.count) clusters",
    [
      "page": .string(folder.path + "/index.html"), "units": .int(archive.units),
      "clusters": .int(archive.clusters.count),
    ])
}
