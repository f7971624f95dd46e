import Testing

@testable import Service

/// When work that repeats every N units is due.
@Suite struct ScheduleTests {
  @Test func `it is due after its interval, and never without one`() {
    let schedule = Schedule(every: 100)
    #expect(!schedule.isDue(99) && schedule.isDue(100) && schedule.isDue(1_000))
    #expect(!Schedule(every: 0).isDue(.max))
  }

  @Test(arguments: [(100, 250, 260), (5, 7, 8), (1, 1, 2)])
  func `work without a result is retried after a tenth of the interval`(
    _ interval: Int, _ units: Int, _ next: Int
  ) {
    var schedule = Schedule(every: interval)
    schedule.postpone(units)
    #expect(!schedule.isDue(next - 1) && schedule.isDue(next))
  }

  @Test func `it advances by its interval, and a new interval moves the next time`() {
    var schedule = Schedule(every: 100)
    schedule.advance()
    #expect(schedule.next == 200)
    schedule.change(interval: 150)
    #expect(schedule.next == 250 && schedule.interval == 150)
    schedule.change(interval: 0)
    #expect(!schedule.isDue(1_000))
    schedule.change(interval: 50)
    #expect(schedule.next == 150)
    schedule.set(next: 7)
    #expect(schedule.isDue(7))
  }
}
