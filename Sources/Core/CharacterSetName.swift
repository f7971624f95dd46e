/// Names of character sets that texts of DICOM files may be in.
package enum CharacterSetName {
  package static let latin1 = "ISO_IR 100"

  /// Single-byte sets (PS3.3 C.12.1.1.2), each of which may also be named for use with escape sequences. The default
  /// repertoire is not among them: it is part of UTF-8.
  static let singleByte = [
    "100", "101", "109", "110", "144", "127", "126", "138", "148", "203", "13", "166",
  ]
  static let multiByte = ["87", "159", "149", "58"]

  /// Defined terms of Specific Character Set.
  static let definedTerms: Set<String> = Set(
    (singleByte + ["192"]).map { "ISO_IR " + $0 }
      + (singleByte + multiByte).map { "ISO 2022 IR " + $0 }
      + ["GB18030", "GBK"])

  /// Whether a decoding worker can convert from it: a defined term, or a name that iconv knows.
  static func isKnown(_ name: String) -> Bool {
    definedTerms.contains(name) || TextEncoding(name) != nil
  }
}
