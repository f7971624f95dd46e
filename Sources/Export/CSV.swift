import Core

/// Fields of RFC 4180.
enum CSV {
  static func field(_ value: JSON) -> String {
    switch value {
    case .null: ""
    case .string(let text): field(text)
    default: value.encoded
    }
  }

  static func field(_ text: String) -> String {
    // By bytes: "\r\n" is one Character that equals neither part, and so is a quote with an accent.
    guard text.utf8.contains(where: "\",\n\r".utf8.contains) else { return text }
    return "\""
      + text.utf8.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\"\"") + "\""
  }
}
