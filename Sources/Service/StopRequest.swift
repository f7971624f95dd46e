import Core
import Foundation
import Glibc
import Synchronization

/// A request to stop the service. Long work checks it. Work that can't is cut short after nine seconds, as by kill -9,
/// which loses nothing: what isn't in the store is read again, and the log follows the store.
final class StopRequest: Sendable {
  /// systemd and people wait ten seconds.
  private static let (drainTime, patience) = (Duration.seconds(8), 9.0)

  private let end = Mutex<ContinuousClock.Instant?>(nil)

  /// Whether the time for finishing current work is over.
  var isOverdue: Bool { end.withLock { $0.map { $0 < .now } } ?? false }

  /// Requests the stop. Call it from any thread, for each signal.
  func make() {
    let isFirst = end.withLock { end in
      defer { end = end ?? .now + Self.drainTime }
      return end == nil
    }
    guard isFirst else { return }
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: Self.patience)
      Log.info("stopping before current work is finished; the next start continues it")
      _exit(ExitCode.ok.rawValue)
    }
  }
}
