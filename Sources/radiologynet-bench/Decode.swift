import Core
import Foundation

/// `decode FOLDER [ROUNDS]`: a worker's work on each file, in this process on one thread, by decode path.
func benchDecode(_ words: [String]) throws {
  let (paths, rounds) = try input("decode", words)
  var groups: [String: (files: Int, seconds: Double)] = [:]
  for path in (0..<rounds).flatMap({ _ in paths }) {
    let (seconds, instance) = timed { try? decode(path, frames: 3) }
    guard let instance else { continue }
    groups[instance.decodePath, default: (0, 0)].files += 1
    groups[instance.decodePath, default: (0, 0)].seconds += seconds
  }
  var figures = groups.sorted { $0.key < $1.key }.map {
    (key: "\($0.key)_files_per_second", value: Double($0.value.files) / $0.value.seconds)
  }
  let total = Double(groups.values.reduce(0) { $0 + $1.files })
  figures.append(("files_per_second", total / groups.values.reduce(0) { $0 + $1.seconds }))
  report(figures)
}
