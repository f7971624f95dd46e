/// How far a run with `--once` is from having seen everything that is there.
struct OnceProgress {
  /// Whole scans that must still come back with nothing unsettled.
  private var scansAwaited = 1
  private(set) var isFlushed = false

  /// - Parameter isSettled: no file was still being written.
  mutating func scanned(isSettled: Bool) {
    scansAwaited = isSettled ? max(0, scansAwaited - 1) : 1
  }

  /// Forgotten files must be seen again: not by the scan that may be under way, but by the one after it.
  mutating func awaitScans() {
    scansAwaited = 2
    isFlushed = false
  }

  /// - Parameter queued: files that are still on their way.
  /// - Returns: true once, when all open studies are to be annotated.
  mutating func takeFlush(queued: Int) -> Bool {
    guard scansAwaited == 0, queued == 0, !isFlushed else { return false }
    isFlushed = true
    return true
  }
}
