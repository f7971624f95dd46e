import Core
import Features
import Training

/// `reconstruction FOLDER --config FILE`: the reconstruction errors of PCA and an autoencoder of the same
/// length on unseen images, those of every fifth study. For docs/evaluation.md.
func reconstruction(_ words: [String]) throws {
  let arguments = try Arguments(words, options: ["--config"])
  guard let path = arguments.string("--config"), arguments.words.count == 1 else {
    throw UsageError("reconstruction takes a folder and --config FILE")
  }
  var configuration = try Configuration(contentsOf: path)
  configuration.intake.input = arguments.words[0]
  let progress = Progress()
  let units = try OfflineTraining.units(configuration) { progress.show($0) }.units.map(\.unit)
  let studies = ModelBundle.studyNumbers(units)
  let fitted = units.indices.filter { studies[$0] % 5 != 4 }
  let unseen = units.indices.filter { studies[$0] % 5 == 4 }.flatMap { units[$0].images }
  let features = configuration.features
  print("| extractor | numbers | mean squared error of a pixel, \(unseen.count) unseen images |")
  print("|---|---|---|")
  for method in [Configuration.ImageMethod.pca, .autoencoder] {
    let encoder = try ImageEncoder(
      fitting: fitted.map { units[$0] }, studies: fitted.map { studies[$0] },
      ImageSettings(
        method, components: features.imageComponents, gridSide: features.imageSide,
        vocabulary: features.vocabulary, seed: configuration.clustering.seed,
        progress: { progress.show($0) }))
    progress.end()
    let error = try encoder.reconstructionError(unseen)
    print("| \(method.rawValue) | \(encoder.dimensions) | \(Float(error)) |")
  }
}
