import Core
import Foundation
import Glibc
import Synchronization

/// That the service was asked to stop. Who is in the middle of long work looks here; who can't is cut short after nine
/// seconds, as by kill -9, which loses nothing: what isn't in the store is read again, and the log follows the store.
final class StopRequest: Sendable {
  /// Systemd and people wait for ten seconds.
  private static let (drainTime, patience) = (Duration.seconds(8), 9.0)

  private let end = Mutex<ContinuousClock.Instant?>(nil)

  /// The time for finishing what was begun is over.
  var isOverdue: Bool { end.withLock { $0.map { $0 < .now } } ?? false }

  /// Call it from any thread, as often as a signal comes.
  func make() {
    let isFirst = end.withLock { end in
      defer { end = end ?? .now + Self.drainTime }
      return end == nil
    }
    guard isFirst else { return }
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: Self.patience)
      Log.info("stopping in the middle of what takes longer; the next start goes on with it")
      _exit(ExitCode.ok.rawValue)
    }
  }
}
