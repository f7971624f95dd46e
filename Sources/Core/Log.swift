import Foundation
import Glibc
import Synchronization

/// Messages for the administrator, on standard error: under systemd with the priority that journald reads,
/// otherwise with the time.
package enum Log {
  package static func info(_ message: String) { write(6, message) }
  package static func warning(_ message: String) { write(4, message) }
  package static func error(_ message: String) { write(3, message) }

  /// If set, receives messages with their priority (as in syslog) instead of standard error.
  package static let sink = Mutex<(@Sendable (_ priority: Int, _ message: String) -> Void)?>(nil)

  private static let underSystemd = getenv("JOURNAL_STREAM") != nil

  private static func write(_ priority: Int, _ message: String) {
    let message = message.printable
    if let sink = sink.withLock({ $0 }) { return sink(priority, message) }
    let names = [3: "error: ", 4: "warning: "]
    let head = underSystemd ? "<\(priority)>" : "\(timestamp()) \(names[priority] ?? "")"
    FileHandle.standardError.write(Data((head + message + "\n").utf8))
  }
}
