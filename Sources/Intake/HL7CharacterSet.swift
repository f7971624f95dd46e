import Core

/// How the bytes of a message become text: by MSH-18 (HL7 table 0211), else as the site's configuration says.
struct HL7CharacterSet: Sendable {
  let encoding: TextEncoding

  /// - Parameter names: MSH-18 with its repetitions; sets that escape sequences switch to come after the first.
  init(_ names: [String], otherwise configured: TextEncoding) {
    let known = names.compactMap(Self.encoding)
    // Japanese sets are switched within the text, which is what ISO 2022 JP means.
    let isSwitched = names.contains { Self.normalized($0).hasPrefix("ISOIR") }
    encoding =
      (isSwitched ? TextEncoding("ISO-2022-JP-2") : nil) ?? known.first ?? configured
  }

  /// Whether delimiters can be found among the bytes: a delimiter's byte is never part of another character.
  var keepsDelimiters: Bool {
    let name = encoding.name.uppercased()
    return name.hasPrefix("UTF-8") || name.hasPrefix("UTF8") || name.hasPrefix("ISO-8859")
      || name.hasPrefix("WINDOWS-") || name.hasPrefix("CP12") || name.hasPrefix("KOI8")
      || name.hasPrefix("EUC-") || name == "US-ASCII" || name.hasPrefix("LATIN")
  }

  private static func normalized(_ name: String) -> String {
    String(name.uppercased().filter { $0.isLetter || $0.isNumber })
  }

  private static let terms = [
    "ASCII": "UTF-8", "UNICODE": "UTF-8", "UNICODEUTF8": "UTF-8", "UTF8": "UTF-8",
    "GB180302000": "GB18030", "GB18030": "GB18030", "KSX1001": "EUC-KR", "CNS116431992": "EUC-TW",
    "BIG5": "BIG5", "SHIFTJIS": "SHIFT_JIS", "SJIS": "SHIFT_JIS",
  ]

  private static func encoding(_ name: String) -> TextEncoding? {
    let plain = normalized(name)
    if let term = terms[plain] { return TextEncoding(term) }
    for prefix in ["ISO8859", "8859"] where plain.hasPrefix(prefix) {
      return TextEncoding("ISO-8859-" + plain.dropFirst(prefix.count))
    }
    for prefix in ["WINDOWS", "CP"] where plain.hasPrefix(prefix) {
      return TextEncoding("CP" + plain.dropFirst(prefix.count))
    }
    return TextEncoding(name.withoutPadding)
  }
}
