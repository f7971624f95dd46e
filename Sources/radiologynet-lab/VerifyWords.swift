import Core
import Features
import Foundation
import Training

/// `verify-words BUNDLE... --config FILE [--input FOLDER]`: looks for names and identifiers in the vocabularies of
/// bundles whose files are intact. Findings are shown by first letter and length only.
func verifyWords(_ words: [String]) throws {
  let arguments = try Arguments(words, options: ["--config", "--input"])
  guard let path = arguments.string("--config") else { throw UsageError("--config is missing") }
  var configuration = try Configuration(contentsOf: path)
  if let input = arguments.string("--input") {
    configuration.intake.input = input
    configuration.intake.reports = ""
  }
  let input = configuration.intake.input
  let isThere = FileManager.default.fileExists(atPath: input)
  if !isThere, arguments.string("--input") != nil {
    throw FileError(path: input, problem: "there is no such folder")
  }
  let progress = Progress()
  let archive = isThere ? try ArchiveNames.read(configuration) { progress.show($0) } : nil
  progress.end()

  var found = 0
  for hash in arguments.words {
    let bundle = try asOwner(of: configuration.state.directory) {
      try ModelBundle(contentsOf: configuration.state.bundles + "/" + hash, programs: .leftOut)
    }
    guard let text = bundle.text else {
      show("\(hash)  no vocabulary", ["bundle": .string(hash), "terms": 0, "identifying": []])
      continue
    }
    let refusal = try NameRefusal(archive?.names.revealed ?? [], language: text.language)
    let names = (text.vocabulary + text.words).filter { refusal.refuses(term: $0) }
    let terms = Set(names + text.identifyingTerms).sorted()
    found += terms.count
    let masked = terms.map { "\($0.prefix(1))… (\($0.count))" }
    show(
      "\(hash)  \(text.vocabulary.count) terms, \(terms.count) look like names or identifiers"
        + (terms.isEmpty ? "" : ": \(masked.joined(separator: ", "))"),
      [
        "bundle": .string(hash), "terms": .int(text.vocabulary.count),
        "identifying": .array(masked.map(JSON.string)),
      ])
  }
  if let archive {
    show(
      "compared with \(archive.names.revealed.count) words of names in \(archive.files) files of \(input)",
      [
        "input": .string(input), "names": .int(archive.names.revealed.count),
        "files": .int(archive.files),
      ])
  } else {
    show(
      "\(input) can't be read: names were not looked for",
      ["input": .string(input), "names": .null, "files": 0])
  }
  guard found == 0 else {
    throw FeatureError(
      "names may be in a vocabulary: train a new bundle (radiologynetctl train), change to it (bundle activate), "
        + "and remove the old one")
  }
}
