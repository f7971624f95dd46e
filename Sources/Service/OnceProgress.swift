/// Progress of a run with `--once` towards having read everything that is there.
struct OnceProgress {
  /// Number of full scans without unsettled files that are still needed.
  private var scansAwaited = 1
  private(set) var isFlushed = false

  /// Records a full scan.
  ///
  /// - Parameter isSettled: no file was still being written.
  mutating func scanned(isSettled: Bool) {
    scansAwaited = isSettled ? max(0, scansAwaited - 1) : 1
  }

  /// Forgotten files must be found again: not by a scan that may be in progress, but by the next one.
  mutating func awaitScans() {
    scansAwaited = 2
    isFlushed = false
  }

  /// - Parameter queued: number of files that are still in intake.
  /// - Returns: true once, when all open studies must be annotated.
  mutating func takeFlush(queued: Int) -> Bool {
    guard scansAwaited == 0, queued == 0, !isFlushed else { return false }
    isFlushed = true
    return true
  }
}
