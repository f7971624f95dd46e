import Core
import Foundation
import Testing

@testable import Export
@testable import Store

@Suite struct ClassListTests {
  private static func clusters(_ ids: [Int], retired: Set<Int> = []) -> [ClusterRecord] {
    ids.map { id in
      ClusterRecord(
        id: id, born: 1, retired: retired.contains(id) ? 2 : nil,
        successor: retired.contains(id) ? 9 : nil, name: "name of \(id)", trust: "accepted")
    }
  }

  private static func list(
    _ ids: [Int], after before: ClassList? = nil, of clusters: [ClusterRecord]
  ) throws -> ClassList {
    try ClassList(before?.data, ids.map { .made(cluster: $0) }, clusters) { $0 == 2 ? 9 : $0 }
  }

  @Test func `classes are numbered from 0, in order of their clusters`() throws {
    let list = try Self.list([5, 2], of: Self.clusters([1, 2, 5]))
    #expect(list.indices == ["c0002": 0, "c0005": 1])
  }

  @Test func `a class keeps its number, and no other gets it`() throws {
    let first = try Self.list([2, 5], of: Self.clusters([1, 2, 5]))
    // 2 ended, 1 is exported for the first time, 9 is new.
    let clusters = Self.clusters([1, 2, 5, 9], retired: [2])
    let second = try Self.list([1, 5, 9], after: first, of: clusters)
    #expect(second.indices == ["c0002": 0, "c0005": 1, "c0001": 2, "c0009": 3])
    #expect(second.entries.first?.successor == "c0009")
    #expect(second.exported.map(\.cluster) == ["c0005", "c0001", "c0009"])
    let third = try Self.list([2, 9], after: second, of: Self.clusters([1, 2, 5, 9]))
    #expect(third.indices == second.indices)
    #expect(third.entries.first?.successor == nil)
  }

  @Test func `the same rows give the same bytes`() throws {
    let clusters = Self.clusters([1, 2])
    let first = try Self.list([1, 2], of: clusters)
    #expect(try Self.list([1, 2], after: first, of: clusters).data == first.data)
  }

  @Test func `a name may hold anything that is printable`() throws {
    var clusters = Self.clusters([1])
    clusters[0].name = "a \"b\", c | d \\ é"
    let list = try Self.list([1], of: clusters)
    let read = try JSONDecoder().decode([ClassList.Entry].self, from: list.data)
    #expect(read.first?.name == clusters[0].name)
  }

  @Test func `numbers that can't be read are not given anew`() {
    #expect(throws: FileError.self) {
      _ = try ClassList(Data("[".utf8), [.made()], Self.clusters([1])) { $0 }
    }
  }
}
