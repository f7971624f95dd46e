import Core
import Features
import Foundation

/// `doc2vec TRAINING TEXTS [--method pv-dbow|pv-dm] [--components N]`: fits on the lines of TRAINING, prints the
/// seconds it took, and writes one vector per line of TEXTS to TEXTS.vectors. For scripts/compare-doc2vec.
func doc2vec(_ words: [String]) throws {
  let arguments = try Arguments(words, options: ["--method", "--components"])
  let method = Configuration.TextMethod(rawValue: arguments.string("--method") ?? "pv-dbow")
  guard arguments.words.count == 2, let method else { throw UsageError("doc2vec takes two files") }
  func lines(_ path: String) throws -> [String] {
    String(decoding: try readFile(path), as: UTF8.self).split(whereSeparator: \.isNewline)
      .map(String.init)
  }
  let training = try lines(arguments.words[0]).enumerated().map {
    TrainingText(text: $0.element, names: [], patient: "\($0.offset)")
  }
  let start = ContinuousClock.now
  let encoder = try TextEncoder(
    fitting: training, method: method,
    components: arguments.number("--components", 64, in: 1...1_000),
    vocabulary: .init(language: "none", minimumPatients: 3), seed: 1)
  print(start.duration(to: .now) / .seconds(1))
  let counter = try encoder?.makeCounter()
  let vectors = try lines(arguments.words[1]).map { line -> String in
    let vector = counter.flatMap { encoder?.encode($0.terms(line, without: [])) } ?? []
    return vector.map { "\($0)" }.joined(separator: " ")
  }
  try writeAtomically(
    Data((vectors.joined(separator: "\n") + "\n").utf8), to: arguments.words[1] + ".vectors")
}
