import Core
import Store
import Testing

@testable import StudyIntake

@Suite struct WaitingListTests {
  @Test func `items that waited before a restart keep their age`() throws {
    let store = try SQLiteStore(path: ":memory:")
    var list = try WaitingList(store)
    list.begin(.report, "a", at: 100)
    list.begin(.report, "b", at: 150)
    try store.transaction { try list.write(to: store) }
    var next = try WaitingList(store)
    next.begin(.report, "a", at: 900)
    #expect(next.summary[.report]?.oldest == 100)
    #expect(next.overdue(before: 120).map(\.item.key) == ["a"])
    next.announced(next.overdue(before: 120).map(\.item))
    #expect(next.overdue(before: 120).isEmpty)
    next.endUnconfirmed()
    #expect(next.summary[.report]?.count == 1)
    next.end(.report, "a")
    #expect(next.summary.isEmpty)
  }
}
