import Core
import Evaluation
import Training

/// `train [FOLDER] --config FILE [--select] [--labels FILE] [--clusters N,N] [--seeds N] [--networks yes|no]`
func train(_ words: [String]) throws {
  let selects = words.contains("--select")
  let arguments = try Arguments(
    words.filter { $0 != "--select" }, options: ArchiveExperiment.options)
  guard arguments.words.count <= 1 else { throw UsageError("train takes one folder") }
  let experiment = try ArchiveExperiment(arguments)
  var configuration = experiment.configuration
  var selection: String?
  if selects {
    let outcome = try experiment.run(out: configuration.state.directory + "/evaluation")
    configuration.features = outcome.select(from: configuration.features)
    selection = outcome.selection
  }
  let progress = Progress()
  let result = try OfflineTraining.run(
    configuration, archive: experiment.archive, selection: selection
  ) { progress.show($0) }
  progress.end()
  show(result.description + (selection.map { "\n  chosen: \($0)" } ?? ""), result.json)
}

extension OfflineTraining.Result {
  var json: JSON {
    [
      "bundle": .string(hash), "folder": .string(folder), "units": .int(units),
      "images": .int(images), "reports": .int(texts), "rejected": .int(rejected),
      "active": .bool(activated),
    ]
  }

  /// The summary that the command prints.
  var description: String {
    let use =
      activated
      ? "active: radiologynetd opens its first generation from it"
      : "not active: this store has a generation over another bundle; change to it with\n"
        + "  radiologynetctl bundle activate \(hash)"
    let lost = rejected > 0 ? "\n  \(rejected) files could not be used" : ""
    return """
      bundle \(hash): \(folder)
        \(units) units, \(images) images, \(texts) reports\(lost)
        \(use)
      """
  }
}
