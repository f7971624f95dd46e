/// Text that others wrote, for a terminal: what would move the cursor, change colours or turn the direction of writing
/// around is written out instead, in the form that JSON has for it.
extension StringProtocol {
  /// Control and invisible characters but line feeds and tabs as `\u009b`. Joiners, which scripts need, stay.
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
  /// Whether nothing is seen of it: fillers, marks that join, and the blank of Braille.
  var isInvisible: Bool {
    properties.isDefaultIgnorableCodePoint || properties.generalCategory == .format
      || value == 0x2800
  }

  /// Whether it has no place in a line of text.
  var isUnprintable: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
    // Joiners, and selectors of a letter's or an emoji's form.
    default: isInvisible && ![0x200c, 0x200d].contains(value) && !(0xfe00...0xfe0f).contains(value)
    }
  }
}
