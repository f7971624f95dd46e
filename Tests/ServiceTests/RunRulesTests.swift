import Core
import Testing

@testable import Service

/// The pipeline's small rules, tested without a pipeline.
@Suite struct RunRulesTests {
  private let start = ContinuousClock.now

  @Test func `a failure is reported once, delays a retry, and is reported again after a success`() {
    var backoff = Backoff()
    #expect(!backoff.isWaiting(at: start))
    let isNew = ["disk full", "disk full", "locked"].map { backoff.fail($0, at: start) }
    #expect(isNew == [true, false, true])
    #expect(backoff.isWaiting(at: start + .milliseconds(999)))
    #expect(!backoff.isWaiting(at: start + .seconds(1)))
    backoff.succeed()
    let isNewAgain = backoff.fail("disk full", at: start + .seconds(3))
    #expect(isNewAgain)
  }

  /// Whether a flush is due after each scan, given the files still queued.
  private static func flushes(
    _ once: inout OnceProgress, _ scans: [(isSettled: Bool, queued: Int)]
  ) -> [Bool] {
    scans.map {
      once.scanned(isSettled: $0.isSettled)
      return once.takeFlush(queued: $0.queued)
    }
  }

  @Test func `a run with once flushes after one settled scan, and only once`() {
    var once = OnceProgress()
    let early = once.takeFlush(queued: 0)
    let later = Self.flushes(&once, [(false, 0), (true, 3), (true, 0), (true, 0)])
    #expect(!early && later == [false, false, true, false] && once.isFlushed)
  }

  @Test func `a forgotten file is awaited through the current scan and the next one`() {
    var once = OnceProgress()
    _ = Self.flushes(&once, [(true, 0)])
    once.awaitScans()
    #expect(!once.isFlushed)
    let flushes = Self.flushes(&once, [(true, 0), (true, 0)])
    #expect(flushes == [false, true])
  }

  @Test func `the watchdog starves once when files stay with the workers`() {
    var watch = DecodingWatch(timeout: 20, now: start)
    // Twice the timeout and a minute.
    let stuck = [100, 101, 102].map {
      watch.check(queued: 5, isPaused: false, at: start + .seconds($0))
    }
    #expect(stuck == [.feed, .starve, .nothing])
    watch.arrived(at: start + .seconds(103))
    let freed = watch.check(queued: 5, isPaused: false, at: start + .seconds(104))
    #expect(freed == .feed)
  }

  @Test func `an idle or paused daemon never counts as stuck`() {
    var watch = DecodingWatch(timeout: 20, now: start)
    // The clock starts with the first file after idling.
    let actions = [(5, true, 500), (0, false, 900), (1, false, 950)].map {
      watch.check(queued: $0.0, isPaused: $0.1, at: start + .seconds($0.2))
    }
    #expect(actions == [.feed, .feed, .feed])
  }

  @Test func `a failed bundle is retried after a minute, unless another is requested`() throws {
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

  @Test func `training is retried with a tenth more studies, or with all at the end`() {
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

  @Test func `a timer is due at once, then after its interval or when fired`() {
    var timer = Timer()
    #expect(timer.isDue(at: start))
    timer.wait(.seconds(10), from: start)
    #expect(!timer.isDue(at: start + .seconds(9)) && timer.isDue(at: start + .seconds(10)))
    timer.fireNow()
    #expect(timer.isDue(at: start))
  }
}
