import Core
import Decoding
import Features
import Foundation

/// `embed BUNDLE FOLDER [ROUNDS]`: encodes the folder's images, tags and structured reports with a bundle's models, one
/// at a time as they arrive, on one thread. Decoding is not counted.
func benchEmbed(_ words: [String]) throws {
  guard words.count >= 2 else {
    throw FileError(path: "embed", problem: "takes BUNDLE FOLDER [ROUNDS]")
  }
  let bundle = try ModelBundle(contentsOf: words[0], programs: .any)
  let (paths, rounds) = try input("embed", Array(words.dropFirst()))
  let side = bundle.image?.side ?? 128
  let decoded = paths.compactMap {
    try? InstanceDecoder.decode($0, .init(side: side, frames: 3))
  }
  var figures: [(key: String, value: Double)] = []
  func measure<Input>(_ name: String, _ inputs: [Input], _ encode: (Input) throws -> Int?) rethrows
  {
    guard !inputs.isEmpty else { return }
    var dimensions = 0
    let (seconds, _) = try timed {
      for input in (0..<rounds).flatMap({ _ in inputs }) { dimensions = try encode(input) ?? 0 }
    }
    figures.append(("\(name)_per_second", Double(rounds * inputs.count) / seconds))
    figures.append(("\(name)_dimensions", Double(dimensions)))
  }
  if let encoder = bundle.image {
    figures.append(("image_inputs", Double(encoder.gridSide * encoder.gridSide)))
    try measure("images", decoded.flatMap(\.images)) { try encoder.encode($0).count }
  }
  if let encoder = bundle.tags {
    try measure("tags", decoded.map(\.instance.tags)) { try encoder.encode($0)?.count }
  }
  if let encoder = bundle.text {
    let counter = try encoder.makeCounter()
    measure("reports", decoded.compactMap { $0.instance.report?.text.revealed }) {
      encoder.encode(counter.terms($0, without: []))?.count
    }
  }
  report(figures)
}
