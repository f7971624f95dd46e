import Core
import Testing

@testable import Intake

/// A mutating method can't be called inside `#expect`; a class's can.
private final class Subject {
  private var settling = Settling(settle: 2)
  var isEmpty: Bool { settling.isEmpty }
  func due(at now: ContinuousClock.Instant) -> [FilePath] { settling.due(at: now) }

  func isSettled(
    _ stamp: FileStamp, finished: Bool, now: ContinuousClock.Instant, wallClock: Int
  ) -> Bool {
    settling.isSettled(stamp, finished: finished, now: now, wallClock: wallClock)
  }
}

@Suite struct SettlingTests {
  private let start = ContinuousClock.now
  private func stamp(_ size: Int, modified: Int = 0) -> FileStamp {
    FileStamp(path: "/in/a", version: FileVersion(size: size, modified: modified))
  }

  @Test func `a file that stood still long enough is taken at once`() {
    let settling = Subject()
    #expect(settling.isSettled(stamp(1), finished: false, now: start, wallClock: 3_000_000_000))
  }

  @Test func `a recent file is checked twice`() {
    let settling = Subject()
    #expect(!settling.isSettled(stamp(1), finished: false, now: start, wallClock: 0))
    #expect(!settling.isSettled(stamp(1), finished: false, now: start + .seconds(1), wallClock: 0))
    #expect(settling.isSettled(stamp(1), finished: false, now: start + .seconds(2), wallClock: 0))
    #expect(settling.isEmpty)
  }

  @Test func `a growing file waits from its last growth`() {
    let settling = Subject()
    for second in 0..<60 {
      let taken = settling.isSettled(
        stamp(second, modified: second * 1_000_000_000), finished: false,
        now: start + .seconds(second),
        wallClock: second * 1_000_000_000)
      #expect(!taken)
    }
    #expect(
      settling.isSettled(
        stamp(59, modified: 59_000_000_000), finished: false, now: start + .seconds(61),
        wallClock: 61_000_000_000))
  }

  @Test func `only files that may be settled are checked again, once each`() {
    let settling = Subject()
    #expect(!settling.isSettled(stamp(1), finished: false, now: start, wallClock: 0))
    #expect(
      !settling.isSettled(
        FileStamp(path: "/in/b", version: FileVersion(size: 1, modified: 0)), finished: false,
        now: start + .seconds(1), wallClock: 0))
    // It grew.
    #expect(
      !settling.isSettled(stamp(2), finished: false, now: start + .seconds(1.5), wallClock: 0))
    #expect(settling.due(at: start + .seconds(2.5)).isEmpty)
    #expect(settling.due(at: start + .seconds(3)) == ["/in/b"])
    #expect(settling.due(at: start + .seconds(9)) == ["/in/a"])
    #expect(settling.due(at: start + .seconds(99)).isEmpty)
  }

  @Test func `a closed or renamed file needs no waiting`() {
    let settling = Subject()
    #expect(settling.isSettled(stamp(1), finished: true, now: start, wallClock: 0))
  }

  @Test func `a file from the future, as after a clock was set back, is still taken`() {
    let settling = Subject()
    let future = stamp(1, modified: 3_600_000_000_000)
    #expect(!settling.isSettled(future, finished: false, now: start, wallClock: 0))
    #expect(settling.isSettled(future, finished: false, now: start + .seconds(2), wallClock: 0))
  }
}
