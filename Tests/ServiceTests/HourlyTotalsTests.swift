import Core
import Testing

@testable import Service

@Suite struct HourlyTotalsTests {
  @Test func `each hour is reported once, with what came since the last`() {
    let start = ContinuousClock.now
    var counters = Counters(knownFiles: 7, storedUnits: 5)
    var totals = HourlyTotals(counters, now: start)
    (counters.files, counters.units, counters.problems) = (120, 9, 1)
    counters.quarantined = [.malformed: 3, .timeout: 1]
    #expect(totals.due(counters, at: start + .seconds(3_599)) == nil)
    #expect(
      totals.due(counters, at: start + .seconds(3_600))
        == "past hour: 120 files, 9 units annotated, quarantined: malformed 3, timeout 1, 1 warnings"
    )
    #expect(totals.due(counters, at: start + .seconds(3_601)) == nil)
    #expect(
      totals.due(counters, at: start + .seconds(7_201)) == "past hour: no files, 0 units annotated")
  }
}
