import Core
import Evaluation
import Features
import Foundation
import Training

/// `evaluate [FOLDER] --config FILE [--quick]
/// [--labels FILE] [--out FOLDER] [--clusters N,N] [--seeds N] [--networks yes|no]`
func evaluate(_ words: [String]) throws {
  let arguments = try Arguments(
    words.filter { $0 != "--quick" }, options: ArchiveExperiment.options.union(["--out"]))
  guard arguments.words.count <= 1 else { throw UsageError("evaluate takes one folder") }
  let out = arguments.string("--out") ?? "evaluation"
  let experiment = try ArchiveExperiment(arguments, isQuick: words.contains("--quick"))
  let outcome = try experiment.run(out: out, apartFrom: experiment.service)
  show(
    outcome.table + "\n\(out)/evaluation.html, .csv and .json",
    ["folder": .string(out), "units": .int(outcome.units), "chosen": .string(outcome.selection)])
}

/// An archive with the labels and parameters of its experiment.
struct ArchiveExperiment {
  var configuration: Configuration
  let archive: (units: [ArchiveUnit], rejected: Int)
  private let parameters: Experiment.Parameters
  private let labels: Labels?
  /// The service's own configuration: results must not go into its folders.
  fileprivate let service: Configuration

  static let options: Set<String> = [
    "--config", "--labels", "--clusters", "--seeds", "--networks",
  ]

  private enum Consent: String, CaseIterable { case yes, no }

  /// Validates the command before hours of work, then reads the archive.
  ///
  /// - Parameter isQuick: by default without networks, with few runs, for the largest number of clusters alone.
  init(_ arguments: Arguments, isQuick: Bool = false) throws {
    guard let path = arguments.string("--config") else {
      throw UsageError("--config FILE is needed")
    }
    service = try Configuration(contentsOf: path)
    configuration = service
    if let folder = arguments.words.first { configuration.intake.input = folder }
    try Arguments.check(folder: configuration.intake.input)
    var parameters = Experiment.Parameters(
      features: configuration.features, clustering: configuration.clustering)
    parameters.seeds = try arguments.number("--seeds", isQuick ? 3 : 20, in: 1...100)
    parameters.networks = try arguments.choice("--networks", isQuick ? Consent.no : .yes) == .yes
    if let text = arguments.string("--clusters") {
      let numbers = text.split(separator: ",").compactMap { Int($0) }.filter { $0 >= 2 }
      guard !numbers.isEmpty, numbers.count == text.split(separator: ",").count else {
        throw UsageError(
          "--clusters takes numbers from 2 on with commas between, not \(text)")
      }
      parameters.clusters = numbers.sorted()
    } else if isQuick {
      parameters.clusters = parameters.clusters.suffix(1)
    }
    self.parameters = parameters
    let keys = try Keys(configuration)
    labels = try arguments.string("--labels").map { try Labels(contentsOf: $0, keys: keys) }
    let progress = Progress()
    defer { progress.end() }
    archive = try OfflineTraining.units(configuration) { progress.show($0) }
    if archive.rejected > 0 { Log.info("\(archive.rejected) files could not be used") }
  }

  /// Writes evaluation.html, .csv and .json into a folder.
  ///
  /// - Parameter apartFrom: its folders must not hold the output; `nil` for an output folder of the service's own.
  func run(out: String, apartFrom service: Configuration? = nil) throws -> Experiment.Outcome {
    let units = archive.units.map { member in
      let truth = labels.map { $0.labels(study: member.unit.study) ?? (nil, nil) }
      return LabelledUnit(
        unit: member.unit, modality: truth.map(\.modality) ?? member.modality,
        region: truth.map(\.region) ?? member.bodyPart)
    }
    guard units.contains(where: { $0.modality != nil || $0.region != nil }) else {
      throw UsageError(
        labels == nil
          ? "no unit states its modality or body part: give --labels"
          : "--labels knows none of the \(units.count) units: are its study_uid values right?")
    }
    let folder = try OutputFolder(out, .evaluation, apartFrom: service)
    let progress = Progress()
    defer { progress.end() }
    let outcome = try folder.withFolder("cache") { cache in
      try Experiment(units, parameters, cacheFolder: cache) { progress.show($0) }.run()
    }
    try folder.write(outcome.json, "evaluation.json")
    try folder.write(Data(outcome.csv.utf8), "evaluation.csv")
    try folder.write(Data(outcome.page.utf8), "evaluation.html")
    folder.sync()
    return outcome
  }
}
