import Foundation

/// A time stamp of HL7 (TS, DTM): YYYY[MM[DD[HH[MM[SS[.S…]]]]]][±ZZZZ].
struct HL7Time {
  /// Digits from the year on, the fraction included; in UTC if the zone is known. Empty if there is no time.
  let digits: String
  /// Minutes east of Greenwich, if given.
  let zone: Int?

  /// - Parameter fallback: the zone for a time without one; the header's applies to the message (HL7 v2.5.1, 2.15.9.7).
  init(_ text: String, zone fallback: Int? = nil) {
    let time = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let written = String(time.filter { $0 != "." })
    zone = Self.zone(text.dropFirst(time.count)) ?? fallback
    digits = zone.flatMap { Self.utc(written, zone: $0) } ?? written
  }

  private static func zone(_ text: Substring) -> Int? {
    guard let sign = text.first, "+-".contains(sign) else { return nil }
    let digits = text.dropFirst().filter { $0 != ":" }.prefix(4)
    guard digits.count == 4, let number = Int(digits), (0...1459).contains(number),
      number % 100 < 60
    else { return nil }
    return (sign == "-" ? -1 : 1) * (number / 100 * 60 + number % 100)
  }

  /// - Returns: `nil` for a time without an hour.
  private static func utc(_ digits: String, zone: Int) -> String? {
    guard digits.count >= 10 else { return nil }
    var rest = Substring(digits)
    func next(_ count: Int) -> Int32 {
      defer { rest = rest.dropFirst(count) }
      return Int32(rest.prefix(count)) ?? 0
    }
    var parts = tm()
    parts.tm_year = next(4) - 1900
    parts.tm_mon = next(2) - 1
    parts.tm_mday = next(2)
    parts.tm_hour = next(2)
    parts.tm_min = next(2)
    guard (0...11).contains(parts.tm_mon), (1...31).contains(parts.tm_mday),
      parts.tm_hour < 24, parts.tm_min < 60
    else { return nil }
    var seconds = timegm(&parts) - zone * 60
    gmtime_r(&seconds, &parts)
    let numbers = [
      parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
    ]
    return numbers.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined() + rest
  }
}
