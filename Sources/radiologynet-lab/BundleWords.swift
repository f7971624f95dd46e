import Annotator
import Core
import Features
import Foundation

/// `bundle-words BUNDLE... --config FILE --input FOLDER`: looks in the vocabularies of bundles for what they may not
/// hold. What it finds is shown by its first letter and its length only.
func bundleWords(_ words: [String]) throws {
  let arguments = try Arguments(words, options: ["--config", "--input"])
  guard let path = arguments.string("--config"), let input = arguments.string("--input") else {
    throw UsageError("bundle-words needs --config and --input")
  }
  var configuration = try Configuration(contentsOf: path)
  configuration.intake.input = input
  let progress = Progress()
  let (names, rejected) = try OfflineTraining.names(configuration) { progress.show($0) }
  progress.end()
  print("  \(names.count) words of names in \(input); \(rejected) files could not be used")
  var isClean = true
  for folder in arguments.words {
    let hash = (folder as NSString).lastPathComponent
    guard let text = try? readFile(folder + "/text.json", atMost: 1 << 30) else {
      print("\(hash)  has no vocabulary")
      continue
    }
    let encoder = try JSON(parsing: String(decoding: text, as: UTF8.self))
    let vocabulary = encoder["vocabulary"]?.array?.compactMap(\.string) ?? []
    let refused = try RefusedWords(names, language: encoder["language"]?.string ?? "none")
    let found = vocabulary.filter(refused.contains)
    print(
      "\(hash)  \(found.count) of \(vocabulary.count) words look like names or identifiers"
        + (found.isEmpty ? "" : ": " + found.prefix(20).map(masked).joined(separator: " ")))
    isClean = isClean && found.isEmpty
  }
  guard isClean else {
    throw FoundWords(
      description: """
        a bundle's vocabulary holds names: give it to nobody; train another one with
          radiologynetctl train
        and change to it with radiologynetctl bundle activate HASH, then remove the old one's folder
        """)
  }
}

private struct FoundWords: Error, CustomStringConvertible {
  let description: String
}

/// The first letter, and how many follow.
private func masked(_ word: String) -> String {
  "\(word.prefix(1))\(String(repeating: "·", count: max(0, word.count - 1)))"
}
