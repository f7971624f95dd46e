import Core
import Foundation
import Review
import Store

/// `report [FOLDER] --config FILE`
func report(_ words: [String]) throws {
  let arguments = try Arguments(words, options: ["--config"])
  guard let path = arguments.string("--config"), arguments.words.count <= 1 else {
    throw UsageError("report takes one folder")
  }
  let configuration = try Configuration(contentsOf: path)
  let folder = try OutputFolder(
    arguments.words.first ?? "report", .report, apartFrom: configuration)
  let progress = Progress()
  let store = try configuration.state.storeLocation.open(readOnly: true)
  progress.show("reading \(configuration.state.store)")
  let archive = try Archive(
    store, bundles: configuration.state.bundles,
    minimumPatients: configuration.features.vocabulary.minimumPatients)
  try Report(archive, store: store).write(to: folder) { progress.show($0) }
  progress.end()
  show(
    "\(folder.path)/index.html: \(archive.units) units in \(archive.clusters.count) clusters",
    [
      "page": .string(folder.path + "/index.html"), "units": .int(archive.units),
      "clusters": .int(archive.clusters.count),
    ])
}
