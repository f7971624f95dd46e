import Core

/// The character set of a message: from MSH-18 (HL7 table 0211), else from the site's configuration.
struct HL7CharacterSet: Sendable {
  let encoding: TextEncoding

  /// - Parameter names: MSH-18 with its repetitions; sets that escape sequences switch to follow the first.
  init(_ names: [String], otherwise configured: TextEncoding) {
    let known = names.compactMap(Self.encoding)
    // Japanese sets are switched within the text, as in ISO 2022 JP.
    let isSwitched = names.contains { Self.japanese.contains(Self.normalized($0)) }
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

  /// - Parameter designation: the escape sequence of ISO 2022 before the bytes, without ESC.
  /// - Returns: `nil` if the bytes are not valid in that set, or the set is unknown.
  static func decode(_ bytes: [UInt8], designation: [UInt8]) -> String? {
    if let name = designations[designation] { return TextEncoding(name)?.decode(bytes) }
    // Seven bits per byte, two bytes per character.
    guard designation.first == UInt8(ascii: "$") else { return nil }
    return TextEncoding("ISO-2022-JP-2")?.decode([0x1b] + designation + bytes)
  }

  private static func normalized(_ name: String) -> String {
    String(name.uppercased().filter { $0.isLetter || $0.isNumber })
  }

  private static let japanese: Set = ["ISOIR6", "ISOIR14", "ISOIR87", "ISOIR159"]

  private static let terms = [
    "ASCII": "UTF-8", "UNICODE": "UTF-8", "UNICODEUTF8": "UTF-8", "UTF8": "UTF-8",
    // A header that could be read is not in these sets: the file was converted from them.
    "UNICODEUTF16": "UTF-8", "UNICODEUTF32": "UTF-8", "UTF16": "UTF-8", "UTF32": "UTF-8",
    "GB180302000": "GB18030", "GB18030": "GB18030", "KSX1001": "EUC-KR", "CNS116431992": "EUC-TW",
    "BIG5": "BIG5", "SHIFTJIS": "SHIFT_JIS", "SJIS": "SHIFT_JIS",
    // DICOM's names.
    "ISOIR100": "ISO-8859-1", "ISOIR101": "ISO-8859-2", "ISOIR109": "ISO-8859-3",
    "ISOIR110": "ISO-8859-4", "ISOIR144": "ISO-8859-5", "ISOIR127": "ISO-8859-6",
    "ISOIR126": "ISO-8859-7", "ISOIR138": "ISO-8859-8", "ISOIR148": "ISO-8859-9",
    "ISOIR203": "ISO-8859-15", "ISOIR166": "TIS-620", "ISOIR13": "SHIFT_JIS", "ISOIR192": "UTF-8",
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

  /// Sets in which each byte, or each pair with the eighth bit set, is a character (ISO-IR registry).
  private static let designations: [[UInt8]: String] = [
    Array("(B".utf8): "US-ASCII", Array("(J".utf8): "US-ASCII", Array(")I".utf8): "SHIFT_JIS",
    Array("-A".utf8): "ISO-8859-1", Array("-B".utf8): "ISO-8859-2", Array("-C".utf8): "ISO-8859-3",
    Array("-D".utf8): "ISO-8859-4", Array("-L".utf8): "ISO-8859-5", Array("-G".utf8): "ISO-8859-6",
    Array("-F".utf8): "ISO-8859-7", Array("-H".utf8): "ISO-8859-8", Array("-M".utf8): "ISO-8859-9",
    Array("-T".utf8): "TIS-620", Array("$)A".utf8): "GB2312", Array("$)B".utf8): "EUC-JP",
    Array("$)C".utf8): "EUC-KR",
  ]
}
