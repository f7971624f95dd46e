import Core
import Testing

@testable import Clustering

@Suite struct HungarianTests {
  private static func cost(_ matrix: [[Double]], _ columns: [Int]) -> Double {
    columns.enumerated().reduce(0) { $0 + matrix[$1.offset][$1.element] }
  }

  private static func arrangements(_ columns: [Int], _ count: Int) -> [[Int]] {
    guard count > 0 else { return [[]] }
    return columns.flatMap { column in
      arrangements(columns.filter { $0 != column }, count - 1).map { [column] + $0 }
    }
  }

  @Test(arguments: [(1, 1), (2, 2), (3, 5), (4, 4), (5, 6)], 0..<8 as Range<UInt64>)
  func `no other assignment is cheaper`(_ size: (rows: Int, columns: Int), _ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    // Few distinct costs, so that ties and negative values occur.
    let matrix = (0..<size.rows).map { _ in
      (0..<size.columns).map { _ in Double(Int(generator.next() % 9)) - 4 }
    }
    let match = Hungarian.match(matrix)
    #expect(Set(match).count == size.rows)
    let best = try #require(
      Self.arrangements(Array(0..<size.columns), size.rows).map { Self.cost(matrix, $0) }.min())
    #expect(Self.cost(matrix, match) == best)
  }
}
