/// Text from elsewhere, for a terminal: characters that would move the cursor, change colours or reverse the writing
/// direction are escaped as in JSON.
extension StringProtocol {
  /// Control and invisible characters except line feeds and tabs as `\u009b`. Joiners, which scripts need, stay.
  package var printable: String {
    guard utf8.contains(where: { $0 < 0x20 && $0 != 0x0a && $0 != 0x09 || $0 >= 0x7f }) else {
      return String(self)
    }
    var text = ""
    for scalar in unicodeScalars {
      if scalar == "\n" || scalar == "\t" || !scalar.isUnprintable {
        text.unicodeScalars.append(scalar)
      } else {
        text += String(scalar).utf16.map { unit in
          "\\u" + String(0x1_0000 + Int(unit), radix: 16).dropFirst()
        }.joined()
      }
    }
    return text
  }
}

extension Unicode.Scalar {
  /// Whether it has no visible form: fillers, joiners, and the Braille blank.
  var isInvisible: Bool {
    properties.isDefaultIgnorableCodePoint || properties.generalCategory == .format
      || value == 0x2800
  }

  /// Whether it has no place in a line of text.
  var isUnprintable: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
    // Joiners, and variation selectors of letters and emoji.
    default: isInvisible && ![0x200c, 0x200d].contains(value) && !(0xfe00...0xfe0f).contains(value)
    }
  }
}
