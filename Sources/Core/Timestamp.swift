import Foundation

/// The time of an event: UTC, milliseconds, ISO 8601.
package func timestamp(_ date: Date = Date()) -> String {
  var seconds = time_t(date.timeIntervalSince1970.rounded(.down))
  let milliseconds = Int((date.timeIntervalSince1970 - Double(seconds)) * 1000)
  var parts = tm()
  gmtime_r(&seconds, &parts)
  func two(_ value: some BinaryInteger) -> String { value < 10 ? "0\(value)" : "\(value)" }
  let fraction = String(1000 + milliseconds).dropFirst()
  return "\(1900 + parts.tm_year)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
    + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)).\(fraction)Z"
}

/// The same for a time in seconds since 1970.
package func timestamp(secondsSince1970 seconds: Double) -> String {
  timestamp(Date(timeIntervalSince1970: seconds))
}

/// The current wall-clock time.
package func secondsSince1970() -> Double { Date().timeIntervalSince1970 }
