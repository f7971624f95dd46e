import Core
import Testing

@testable import Service

/// The pipeline's small rules, each without a pipeline.
@Suite struct RunRulesTests {
  private let start = ContinuousClock.now

  @Test func `a failure is reported once, waited for, and reported again after a success`() {
    var backoff = Backoff()
    #expect(!backoff.isWaiting(at: start))
    #expect(backoff.fail("disk full", at: start))
    #expect(backoff.isWaiting(at: start + .milliseconds(999)))
    #expect(!backoff.isWaiting(at: start + .seconds(1)))
    #expect(!backoff.fail("disk full", at: start + .seconds(1)))
    #expect(backoff.fail("locked", at: start + .seconds(1)))
    backoff.succeed()
    #expect(backoff.fail("disk full", at: start + .seconds(3)))
  }

  @Test func `a run with once flushes after one settled scan, and only once`() {
    var once = OnceProgress()
    #expect(!once.takeFlush(queued: 0))
    once.scanned(isSettled: false)
    #expect(!once.takeFlush(queued: 0))
    once.scanned(isSettled: true)
    #expect(!once.takeFlush(queued: 3))
    #expect(once.takeFlush(queued: 0))
    #expect(!once.takeFlush(queued: 0) && once.isFlushed)
  }

  @Test func `a forgotten file is waited for through the scan under way and the next one`() {
    var once = OnceProgress()
    once.scanned(isSettled: true)
    _ = once.takeFlush(queued: 0)
    once.awaitScans()
    #expect(!once.isFlushed)
    once.scanned(isSettled: true)
    #expect(!once.takeFlush(queued: 0))
    once.scanned(isSettled: true)
    #expect(once.takeFlush(queued: 0))
  }

  @Test func `the watchdog starves once when files stay with the workers`() {
    var watch = DecodingWatch(timeout: 20, now: start)
    let limit = Duration.seconds(100)
    #expect(watch.check(queued: 5, isPaused: false, at: start + limit) == .feed)
    #expect(watch.check(queued: 5, isPaused: false, at: start + limit + .seconds(1)) == .starve)
    #expect(watch.check(queued: 5, isPaused: false, at: start + limit + .seconds(2)) == .nothing)
    watch.arrived(at: start + limit + .seconds(3))
    #expect(watch.check(queued: 5, isPaused: false, at: start + limit + .seconds(4)) == .feed)
  }

  @Test func `an idle or paused daemon is never taken for stuck`() {
    var watch = DecodingWatch(timeout: 20, now: start)
    #expect(watch.check(queued: 5, isPaused: true, at: start + .seconds(500)) == .feed)
    #expect(watch.check(queued: 0, isPaused: false, at: start + .seconds(900)) == .feed)
    // The clock starts with the first file after idling.
    #expect(watch.check(queued: 1, isPaused: false, at: start + .seconds(950)) == .feed)
  }

  @Test func `a bundle that failed is tried again in a minute, unless another is wanted`() throws {
    let (first, second) = try (
      #require(BundleHash("0123456789abcdef")), #require(BundleHash("fedcba9876543210"))
    )
    var wanted = WantedBundle()
    #expect(wanted.due(at: start) == nil)
    wanted.set(first)
    #expect(wanted.due(at: start) == first)
    wanted.drop()
    wanted.retry(first, at: start)
    #expect(wanted.due(at: start + .seconds(59)) == nil)
    #expect(wanted.due(at: start + .seconds(60)) == first)
    wanted.set(second)
    wanted.retry(first, at: start)
    #expect(wanted.due(at: start) == second)
  }

  @Test func `training is tried again with a tenth more studies, or with all at the end`() {
    var threshold = TrainingThreshold(studies: 500)
    #expect(!threshold.isDue(held: 499) && threshold.isDue(held: 500))
    threshold.raise(held: 500)
    #expect(threshold.studies == 550)
    threshold.raise(held: 20)
    #expect(threshold.studies == 30)
    threshold.takeAll(held: 0)
    #expect(threshold.studies == 30 && !TrainingThreshold(studies: 0).isDue(held: 0))
    threshold.takeAll(held: 7)
    #expect(threshold.isDue(held: 7))
  }

  @Test func `a timer is due at once, then after its interval, or when it is set off`() {
    var timer = Timer()
    #expect(timer.isDue(at: start))
    timer.wait(.seconds(10), from: start)
    #expect(!timer.isDue(at: start + .seconds(9)) && timer.isDue(at: start + .seconds(10)))
    timer.fireNow()
    #expect(timer.isDue(at: start))
  }
}
