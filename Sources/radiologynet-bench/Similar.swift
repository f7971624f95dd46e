import Clustering
import Core
import Foundation

/// `similar N DIMENSIONS [QUERIES]`: nearest units among N random ones, an overlapping mixture with every tenth block
/// missing: by the index one query at a time, by the index for many, and by comparing all in float64.
func benchSimilar(_ words: [String]) throws {
  let numbers = words.compactMap { Int($0) }
  guard numbers.count == words.count, 2...3 ~= numbers.count, numbers.allSatisfy({ $0 >= 10 })
  else {
    throw FileError(path: "similar", problem: "takes N DIMENSIONS [QUERIES]")
  }
  let (count, dimensions) = (numbers[0], numbers[1])
  let queries = numbers.count > 2 ? numbers[2] : 50
  let points = mixture(count, dimensions)
  let (building, index) = timed { QuantizedPoints(points) }
  var (seconds, candidates, checked) = ([Double](), 0, 0)
  var bruteForce = 0.0
  for query in 0..<queries {
    let row = query * (count / queries)
    let own = points[row]
    func nearest(_ rows: some Sequence<Int>) -> [Int] {
      let squares = rows.compactMap { other in
        points.layout.squaredDistance(own, points[other]).map { (other, $0) }
      }
      return squares.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(20).map(\.0)
    }
    let (time, found) = timed {
      let near = index.candidates(near: own, count: 20, skipping: row)
      candidates += near.count
      return nearest(near)
    }
    seconds.append(time)
    guard query < 3 else { continue }
    let (whole, exact) = timed { nearest((0..<count).lazy.filter { $0 != row }) }
    guard exact == found else {
      throw FileError(path: "similar", problem: "query \(row) differs from brute force")
    }
    bruteForce += whole / 3
    checked += 1
  }
  seconds.sort()
  report([
    "median_ms": 1e3 * seconds[seconds.count / 2], "worst_ms": 1e3 * seconds.last!,
    "brute_force_ms": 1e3 * bruteForce, "checked": Double(checked),
    "candidates": Double(candidates) / Double(queries), "build_seconds": building,
    "index_mb": Double(index.bytes) / 1e6,
  ])
}

/// `layout FILE DIMENSIONS [ITERATIONS [FIRST]]`: lays out rows of float32 and writes n × 2 float32 to FILE.layout. With
/// FIRST only so many rows are laid out, and the others placed among them.
func benchLayout(_ words: [String]) throws {
  let numbers = words.dropFirst().compactMap { Int($0) }
  guard let path = words.first, let dimensions = numbers.first, dimensions > 1 else {
    throw FileError(path: "layout", problem: "takes FILE DIMENSIONS [ITERATIONS [FIRST]]")
  }
  let values = try points(path, dimensions: dimensions).values
  let count = values.count / dimensions
  let first = min(numbers.count > 2 ? numbers[2] : count, count)
  func rows(_ range: Range<Int>) -> Matrix<Float> {
    Matrix(
      rows: range.count, columns: dimensions,
      values: Array(values[range.lowerBound * dimensions..<range.upperBound * dimensions]))
  }
  let (seconds, layout) = timed {
    let laid = rows(0..<first)
    // The first two columns are principal components (scripts/compare-layout).
    let layout = neighbourLayout(
      laid, iterations: numbers.count > 1 ? numbers[1] : 750,
      initial: (0..<first).map { SIMD2(laid[$0, 0], laid[$0, 1]) }, seed: 1)
    return layout + places(of: rows(first..<count), among: laid, layout: layout)
  }
  try Data(scalars: layout.flatMap { [$0.x, $0.y] }).write(
    to: URL(fileURLWithPath: path + ".layout"))
  report(["seconds": seconds, "rows": Double(count)])
}

/// `duplicates N`: pairs within the reach of near-duplicates among N image vectors of 32 dimensions.
func benchDuplicates(_ words: [String]) throws {
  guard let count = words.first.flatMap({ Int($0) }), count > 1 else {
    throw FileError(path: "duplicates", problem: "takes N")
  }
  var generator = SeededGenerator(seed: 1)
  // Variances fall as those of principal components do; their sum is 1.
  let deviations = (1...32).map { (1 / Double($0) / 4.06).squareRoot() }
  let values = (0..<count).flatMap { _ in deviations.map { Float($0 * generator.gaussian()) } }
  let (seconds, pairs) = timed {
    closePairs(Matrix(rows: count, columns: 32, values: values), within: 0.4)
  }
  report(["seconds": seconds, "pairs": Double(pairs.count)])
}

private func mixture(_ count: Int, _ dimensions: Int) -> Points {
  let layout = BlockLayout(
    lengths: [dimensions * 2 / 5, dimensions * 2 / 5, dimensions - 2 * (dimensions * 2 / 5)],
    weights: [0.7, 1, 1.2])
  var generator = SeededGenerator(seed: 1)
  let centers = (0..<100).map { _ in (0..<dimensions).map { _ in Float(generator.gaussian()) } }
  var points = Points(layout: layout)
  points.reserve(count)
  for _ in 0..<count {
    var values = centers[Int(generator.next() % 100)].map { center in
      // Uniform noise: Gaussian noise for 160 million numbers takes longer than all measurements.
      center + Float(generator.uniform()) * 3.4 - 1.7
    }
    var mask = BlockMask.all
    for block in Block.allCases where block != .tags && generator.uniform() < 0.1 {
      mask.remove(BlockMask(block))
      for column in layout.range(of: block) { values[column] = 0 }
    }
    points.append(values, mask: mask)
  }
  return points
}
