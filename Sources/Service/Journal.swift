internal import CSystemd
import Core
import Foundation
import Glibc
import Synchronization

/// Messages with fields, for journald: `journalctl -u radiologynetd RADIOLOGYNET_GENERATION=7`.
enum Journal {
  /// Sends the daemon's messages to journald if standard error leads there.
  static func takeOver(_ board: VitalsBoard) {
    guard leadsToJournal else { return }
    Log.sink.withLock {
      $0 = { priority, message in
        let vitals = board.current
        var fields = [
          "MESSAGE=\(message)", "PRIORITY=\(priority)", "SYSLOG_IDENTIFIER=radiologynetd",
          "RADIOLOGYNET_VERSION=\(softwareVersion)", "RADIOLOGYNET_EVENT=\(vitals.lastSequence)",
        ]
        if let generation = vitals.generation {
          fields.append("RADIOLOGYNET_GENERATION=\(generation)")
        }
        if let job = vitals.job { fields.append("RADIOLOGYNET_JOB=\(job)") }
        send(fields)
      }
    }
  }

  /// systemd passes the device and inode of the stream it set up; someone may have redirected it since.
  private static var leadsToJournal: Bool {
    guard let stream = getenv("JOURNAL_STREAM") else { return false }
    var information = stat()
    return fstat(STDERR_FILENO, &information) == 0
      && String(cString: stream) == "\(information.st_dev):\(information.st_ino)"
  }

  private static func send(_ fields: [String]) {
    let copies = fields.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    let vector = copies.map { iovec(iov_base: $0, iov_len: strlen($0!)) }
    _ = sd_journal_sendv(vector, Int32(vector.count))
  }
}
