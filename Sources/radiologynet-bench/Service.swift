import Core
import Service
import Training

/// `run CONFIG`: the whole service, `radiologynetd --once` in this process. Over an empty folder it measures start-up.
func benchRun(_ words: [String]) throws {
  let configuration = try configuration("run", words)
  let files = FolderScan.files(below: configuration.intake.input).count
  let (seconds, _) = try timed { try Daemon.run(configuration, once: true) }
  report(["seconds": seconds, "files_per_second": Double(files) / seconds])
}

/// `train CONFIG`: trains a bundle on the input folder: reads it, and fits models and clusters.
func benchTrain(_ words: [String]) throws {
  let configuration = try configuration("train", words)
  let (reading, archive) = try timed { try OfflineTraining.units(configuration) { _ in } }
  let (fitting, result) = try timed {
    try OfflineTraining.run(configuration, archive: archive) { _ in }
  }
  report([
    "units": Double(result.units), "images": Double(result.images), "read_seconds": reading,
    "fit_seconds": fitting,
  ])
}

func configuration(_ stage: String, _ words: [String]) throws -> Configuration {
  guard let path = words.first else { throw FileError(path: stage, problem: "takes CONFIG") }
  return try Configuration(contentsOf: path)
}
