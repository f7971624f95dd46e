internal import CSystemd
import Core

/// What systemd is told of the service (sd_notify). Without systemd nobody hears it.
enum Notifier {
  static func ready(_ status: String) { _ = sd_notify(0, "READY=1\nSTATUS=\(status)") }
  static func status(_ status: String) { _ = sd_notify(0, "STATUS=\(status)") }
  static func alive() { _ = sd_notify(0, "WATCHDOG=1") }
  static func stopping() { _ = sd_notify(0, "STOPPING=1") }
}
