import Core
import Simulation

/// `simulate FOLDER [--studies N] [--first N] [--rate STUDIES_PER_MINUTE] [--size PIXELS] [--slices N] [--seed N]
/// [--burned-in SHARE]`
func simulate(_ words: [String]) throws {
  let arguments = try Arguments(
    words,
    options: [
      "--config", "--studies", "--first", "--rate", "--size", "--slices", "--seed", "--burned-in",
    ])
  guard arguments.words.count == 1 else { throw UsageError("simulate takes one folder") }
  var parameters = Simulator.Parameters(folder: arguments.words[0])
  parameters.studies = try arguments.number("--studies", parameters.studies, in: 1...10_000_000)
  parameters.first = try arguments.number("--first", parameters.first, in: 0...10_000_000)
  parameters.rate = try arguments.number("--rate", parameters.rate, in: 0...1e6)
  parameters.size = try arguments.number("--size", parameters.size, in: 64...4096)
  parameters.slices = try arguments.number("--slices", parameters.slices, in: 1...100_000)
  parameters.seed = try arguments.number("--seed", parameters.seed, in: 0...UInt64.max)
  parameters.burnedIn = try arguments.number("--burned-in", parameters.burnedIn, in: 0...1)
  let progress = Progress()
  let summary = try Simulator(parameters).run { summary in
    progress.show("\(summary.studies) of \(parameters.studies) studies, \(summary.files) files")
  }
  progress.end()
  show(
    "\(summary.studies) studies, \(summary.files) DICOM files, \(summary.reports) report files, "
      + "\(summary.bytes >> 20) MiB in \(parameters.folder)",
    [
      "folder": .string(parameters.folder), "studies": .int(summary.studies),
      "files": .int(summary.files), "reports": .int(summary.reports), "bytes": .int(summary.bytes),
    ])
}
