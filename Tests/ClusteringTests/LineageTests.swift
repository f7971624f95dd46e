import Clustering
import Core
import Testing

@Suite struct LineageTests {
  /// Labels from counts: `table[old][new]` units.
  private static func lineage(_ table: [[Int]]) -> Lineage {
    var old: [Int] = []
    var new: [Int] = []
    for (before, row) in table.enumerated() {
      for (after, count) in row.enumerated() {
        old += [Int](repeating: before, count: count)
        new += [Int](repeating: after, count: count)
      }
    }
    let distances = table.enumerated().map { before, row in
      row.indices.map { abs(Double($0 - before)) }
    }
    return Lineage(old: old, new: new, distances: distances)
  }

  @Test func `clusters that only change their position survive`() {
    let lineage = Self.lineage([[0, 90, 5], [4, 0, 80], [70, 3, 0]])
    #expect(lineage.endings.map { $0.fate } == [.survived, .survived, .survived])
    #expect(lineage.endings.map { $0.successor } == [1, 2, 0])
    #expect(lineage.identity == [2, 0, 1])
    #expect(lineage.parents == [[2], [0], [1]])
  }

  @Test func `a cluster in two halves is split, with new identities`() {
    let lineage = Self.lineage([[50, 45, 5], [0, 0, 100]])
    #expect(lineage.endings[0].fate == .split)
    #expect(lineage.endings[0].heirs == [0, 1])
    #expect(lineage.endings[0].successor == 0)
    #expect(lineage.identity == [nil, nil, 1])
    #expect(lineage.parents[1] == [0])
  }

  @Test func `a cluster absorbed by another is merged into it`() {
    let lineage = Self.lineage([[100, 0], [30, 0], [0, 60]])
    #expect(lineage.endings.map { $0.fate } == [.survived, .merged, .survived])
    #expect(lineage.endings[1].successor == 0)
    #expect(lineage.identity == [0, 2])
  }

  @Test func `a cluster scattered over many has died, and a new one without parents is born`() {
    let lineage = Self.lineage([
      [80, 0, 5, 5, 0], [1, 80, 5, 5, 0], [0, 1, 80, 5, 0], [20, 20, 20, 21, 19],
    ])
    #expect(lineage.endings[3].fate == .died)
    #expect(lineage.identity[4] == nil)
    #expect(lineage.parents[4] == [3])
  }

  @Test func `an empty old cluster resolves to the nearest new one`() {
    let lineage = Self.lineage([[50, 0, 0], [0, 0, 0], [0, 0, 50]])
    #expect(lineage.endings[1].fate == .died)
    #expect(lineage.endings[1].successor == 1)
    #expect(lineage.parents[1].isEmpty)
  }

  @Test func `no identity is assigned twice`() {
    let lineage = Self.lineage([[70, 71, 0], [30, 29, 50], [0, 0, 50]])
    let kept = lineage.identity.compactMap { $0 }
    #expect(Set(kept).count == kept.count)
    #expect(lineage.endings.allSatisfy { (0..<3).contains($0.successor) })
  }

  /// Streams whose true groups split and merge: identities are passed on as in the store.
  @Test(arguments: 0..<10)
  func `through fifty reclusters survivors keep their identity and every label resolves`(
    _ seed: UInt64
  ) {
    var generator = SeededGenerator(seed: seed)
    let units = 2_000
    var groups = (0..<units).map { _ in Int(generator.next() % 12) }
    var names = Array(0..<12)
    var next = 12
    var successors: [Int: Int] = [:]
    for round in 0..<50 {
      // The truth changes: one group is halved, or two become one; 5 % of the units move at random.
      var fresh = groups
      let count = names.count
      let touched: Set<Int>
      if round % 2 == 0 {
        let halved = Int(generator.next() % UInt64(count))
        for unit in fresh.indices where fresh[unit] == halved && generator.uniform() < 0.5 {
          fresh[unit] = count
        }
        touched = [halved]
      } else {
        let (kept, gone) = (0, count - 1)
        for unit in fresh.indices where fresh[unit] == gone { fresh[unit] = kept }
        touched = [kept, gone]
      }
      let size = round % 2 == 0 ? count + 1 : count - 1
      for unit in fresh.indices where generator.uniform() < 0.05 {
        fresh[unit] = Int(generator.next() % UInt64(size))
      }
      // A fit numbers its clusters arbitrarily.
      let order = (0..<size).shuffled(using: &generator)
      let labels = fresh.map { order[$0] }
      let lineage = Lineage(
        old: groups, new: labels,
        distances: (0..<count).map { _ in [Double](repeating: 1, count: size) })
      var renamed = [Int](repeating: -1, count: size)
      for (position, identity) in lineage.identity.enumerated() {
        if let identity {
          renamed[position] = names[identity]
        } else {
          renamed[position] = next
          next += 1
        }
      }
      for (position, ending) in lineage.endings.enumerated() {
        if ending.fate != .survived { successors[names[position]] = renamed[ending.successor] }
        // Only noise changed it.
        if !touched.contains(position) && groups.count(where: { $0 == position }) > 40 {
          #expect(ending.fate == .survived)
          #expect(renamed[order[position]] == names[position])
        }
      }
      #expect(Set(renamed).count == size, "an identity was given twice")
      groups = labels
      names = renamed
    }
    for label in 0..<next {
      var current = label
      while let successor = successors[current] { current = successor }
      #expect(names.contains(current))
    }
  }
}
