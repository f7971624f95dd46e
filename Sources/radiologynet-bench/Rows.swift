import Clustering
import Core
import Foundation

/// Points of one block from a file of little-endian float32, n × `dimensions`, row-major.
func points(_ path: String, dimensions: Int) throws -> Points {
  guard let file = FileHandle(forReadingAtPath: path) else { throw FileError(path: path) }
  var points = Points(layout: BlockLayout(lengths: [dimensions, 0, 0], weights: [1, 0, 0]))
  let size = try file.seekToEnd()
  try file.seek(toOffset: 0)
  points.reserve(Int(size) / 4 / dimensions)
  while let data = try file.read(upToCount: 4 * dimensions * 4_096), !data.isEmpty {
    let values: [Float] = data.scalars()
    for start in stride(from: 0, to: values.count, by: dimensions) {
      points.append(
        Embedding(values: Array(values[start..<start + dimensions]), mask: BlockMask(.image)))
    }
  }
  return points
}

/// Prints measurements as one line of JSON.
func report(_ figures: KeyValuePairs<String, Double>) { report(Array(figures)) }

func report(_ figures: [(key: String, value: Double)]) {
  print(JSON.object(figures.map { ($0.key, .figure($0.value)) }).encoded)
}

/// The duration of `body` in seconds, and its result.
func timed<Value>(_ body: () throws -> Value) rethrows -> (seconds: Double, value: Value) {
  let start = ContinuousClock.now
  let value = try body()
  return (start.duration(to: .now) / .seconds(1), value)
}
