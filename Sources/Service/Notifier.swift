internal import CSystemd
import Core

/// Notifies systemd of the service's state (sd_notify). Does nothing without systemd.
enum Notifier {
  static func ready(_ status: String) { _ = sd_notify(0, "READY=1\nSTATUS=\(status)") }
  static func status(_ status: String) { _ = sd_notify(0, "STATUS=\(status)") }
  static func alive() { _ = sd_notify(0, "WATCHDOG=1") }
  static func stopping() { _ = sd_notify(0, "STOPPING=1") }
}
