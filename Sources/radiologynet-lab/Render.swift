import Core
import Decoding
import Foundation

/// `render FOLDER`: reads lines "path<TAB>frame" and writes FOLDER/<line>.pgm, or FOLDER/<line>.txt with the
/// reason if there is no picture. For scripts/compare-pixels.
func render(_ words: [String]) throws {
  guard words.count == 1 else { throw UsageError("render takes one folder") }
  var number = 0
  while let line = readLine() {
    let parts = line.split(separator: "\t")
    guard parts.count == 2, let index = Int(parts[1]) else { throw UsageError("render: \(line)") }
    let name = "\(words[0])/\(number)"
    number += 1
    let result = Result { () throws(Rejection) in
      try RenderedFrame(path: String(parts[0]), index: index)
    }
    switch result {
    case .success(let frame):
      let picture = Data("P5\n\(frame.columns) \(frame.rows)\n255\n".utf8) + Data(frame.pixels)
      try writeAtomically(picture, to: name + ".pgm")
    case .failure(let rejection):
      try writeAtomically(Data("\(rejection)\n".utf8), to: name + ".txt")
    }
  }
}
