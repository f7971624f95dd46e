import Core
import Export
import Foundation
import Store

/// `export FOLDER --config FILE [--include …] [--format …] [--side N] [--frames N] [--instances N] [--per-class N]
/// [--split A,B,C] [--title TEXT] [--licence TEXT] [--creator TEXT] [--webdataset N] [--burned-in …]`
func export(_ words: [String]) throws {
  let arguments = try Arguments(
    words,
    options: [
      "--config", "--include", "--format", "--side", "--frames", "--instances", "--per-class",
      "--split", "--title", "--licence", "--creator", "--webdataset", "--burned-in",
    ])
  guard let path = arguments.string("--config"), arguments.words.count == 1 else {
    throw UsageError("export takes one folder")
  }
  var parameters = ExportParameters()
  parameters.included = try arguments.choice("--include", parameters.included)
  parameters.format = try arguments.choice("--format", parameters.format)
  parameters.side = try arguments.number("--side", parameters.side, in: 32...2048)
  parameters.burnedIn = try arguments.choice("--burned-in", parameters.burnedIn)
  parameters.frames = try arguments.number("--frames", parameters.frames, in: 1...64)
  if arguments.string("--instances") != nil {
    parameters.instancesPerUnit = try arguments.number("--instances", 1, in: 1...1_000_000)
  }
  if arguments.string("--per-class") != nil {
    parameters.instancesPerClass = try arguments.number("--per-class", 1, in: 1...10_000_000)
  }
  if let text = arguments.string("--split") {
    let shares = text.split(separator: ",").compactMap { Int($0) }.filter { $0 >= 0 }
    guard shares.count == 3, shares.reduce(0, +) == 100 else {
      throw UsageError("--split takes three shares that make 100, such as 80,10,10")
    }
    parameters.shares = shares
  }
  for (name, property) in [
    ("--title", \.title), ("--licence", \.licence), ("--creator", \.creator),
  ] as [(String, WritableKeyPath<ExportDescription, String>)] {
    guard let text = arguments.string(name) else { continue }
    guard !text.isEmpty, text == text.printable, !text.contains("\n"), !text.contains("\t") else {
      throw UsageError("\(name) takes one line of printable text")
    }
    parameters.description[keyPath: property] = text
  }
  if arguments.string("--webdataset") != nil {
    parameters.shardSize = try arguments.number("--webdataset", 1, in: 1...10_000_000)
  }
  let progress = Progress()
  let folder = arguments.words[0]
  let configuration = try Configuration(contentsOf: path)
  try Arguments.check(folder: configuration.intake.input)
  let exporter = try Exporter(configuration, parameters)
  let outcome = try exporter.run(to: folder) { progress.show($0) }
  progress.end()
  let outdated = exporter.outdated.map { label, change in
    "\(label) is left out, since it moved after its review: \(change.inWords); "
      + "look at it again and accept it (radiologynetctl clusters accept \(label))\n"
  }
  let leftOut = outcome.leftOut.sorted { $0.key < $1.key }.map {
    ", \($0.value) left out: \($0.key)"
  }
  show(
    outdated.joined()
      + "\(folder): \(outcome.images) images (\(outcome.kept) were there) of \(outcome.patients) patients in \(outcome.classes) classes"
      + leftOut.joined(),
    [
      "folder": .string(folder), "images": .int(outcome.images), "kept": .int(outcome.kept),
      "patients": .int(outcome.patients), "classes": .int(outcome.classes),
      "outdated": .array(exporter.outdated.map { .string($0.label) }),
      "left_out": .object(
        outcome.leftOut.sorted { $0.key < $1.key }.map { ($0.key, .int($0.value)) }),
    ])
}
