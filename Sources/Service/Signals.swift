import Foundation
import Glibc

/// The pipe end that the handler writes to. A signal handler may do little else.
nonisolated(unsafe) private var writeEnd: Int32 = -1

/// Termination and reload requests, passed from the handler to a thread through a pipe. Blocking the signals and
/// waiting for them would not work: libraries start threads before `main`, and those don't block them.
enum Signals {
  /// Calls `body` on a thread of its own with each SIGTERM, SIGINT and SIGHUP. Call it once.
  static func receive(_ body: @escaping @Sendable (Int32) -> Void) {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    writeEnd = ends[1]
    for number in [SIGTERM, SIGINT, SIGHUP] {
      signal(number) { number in
        let saved = errno
        var byte = UInt8(truncatingIfNeeded: number)
        write(writeEnd, &byte, 1)
        errno = saved
      }
    }
    // The parent process may have blocked them, and this process would inherit that.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    let readEnd = ends[0]
    Thread.detachNewThread {
      var byte: UInt8 = 0
      while true {
        let count = read(readEnd, &byte, 1)
        if count < 0 && errno == EINTR { continue }
        guard count == 1 else { return }
        body(Int32(byte))
      }
    }
  }
}
