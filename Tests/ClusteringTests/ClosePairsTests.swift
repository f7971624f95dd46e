import Clustering
import Core
import Testing

@Suite struct ClosePairsTests {
  @Test(arguments: [0.05, 0.4, 1, 30], [1, 2, 3, 9])
  func `pairs are those of brute force`(_ radius: Double, _ columns: Int) {
    var generator = SeededGenerator(seed: 5)
    let rows = 300
    let points = Matrix<Float>(
      rows: rows, columns: columns,
      values: (0..<rows * columns).map { _ in Float(generator.gaussian()) })
    var expected: [[Int]] = []
    for first in 0..<rows {
      for second in first + 1..<rows {
        let square = zip(points.row(first), points.row(second)).reduce(0.0) {
          $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
        }
        if square <= radius * radius { expected.append([first, second]) }
      }
    }
    let found = closePairs(points, within: radius)
    #expect(found.map { [$0.first, $0.second] } == expected)
    #expect(found.allSatisfy { $0.distance <= radius })
  }

  @Test func `equal rows are pairs, and what is no number is in none`() {
    var points = Matrix<Float>(rows: 4, columns: 2)
    points[3, 1] = .nan
    #expect(
      closePairs(points, within: 1).map { [$0.first, $0.second] } == [[0, 1], [0, 2], [1, 2]])
    #expect(closePairs(Matrix(rows: 1, columns: 2), within: 1).isEmpty)
    #expect(closePairs(Matrix(rows: 0, columns: 0), within: 1).isEmpty)
  }
}
