import Testing

@testable import Evaluation

@Suite struct PaceTests {
  private let start = ContinuousClock.now

  @Test func `what is left follows from the steps that took time`() {
    var pace = Pace(planned: 100, start: start)
    #expect(pace.text(at: start + .seconds(60)) == "0 %")
    pace.finish(10, isCached: false)
    #expect(pace.text(at: start + .seconds(4)) == "10 %")
    #expect(pace.text(at: start + .seconds(5)) == "10 %, about 45 s left")
    #expect(pace.text(at: start + .seconds(20)) == "10 %, about 3 min left")
    // Steps from the cache bring the end closer, but say nothing about speed.
    pace.finish(40, isCached: true)
    #expect(pace.text(at: start + .seconds(20)) == "50 %, about 2 min left")
  }

  @Test func `a search that ends early shortens the rest`() {
    var pace = Pace(planned: 100, start: start)
    pace.finish(10, isCached: false)
    pace.reach(90)
    pace.reach(50)
    #expect(pace.text(at: start + .seconds(10)) == "90 %, about 10 s left")
    pace.reach(100)
    #expect(pace.text(at: start + .seconds(10)) == "100 %, about 0 s left")
  }
}
