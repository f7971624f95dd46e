import Annotator
import Core

/// `train [FOLDER] --config FILE`
func train(_ words: [String]) throws {
  let arguments = try Arguments(words, options: ["--config"])
  guard let path = arguments.string("--config") else {
    throw UsageError("train needs --config FILE")
  }
  guard arguments.words.count <= 1 else { throw UsageError("train takes one folder") }
  var configuration = try Configuration(contentsOf: path)
  if let folder = arguments.words.first { configuration.intake.input = folder }
  let progress = Progress()
  let result = try OfflineTraining.run(configuration) { progress.show($0) }
  progress.end()
  print("bundle \(result.hash): \(result.folder)")
  print("  \(result.units) units, \(result.images) images, \(result.texts) reports")
  if result.rejected > 0 { print("  \(result.rejected) files could not be used") }
  print(
    result.activated
      ? "  active: radiologynetd opens its first generation from it"
      : "  not active: this store already has a generation over another bundle")
}
