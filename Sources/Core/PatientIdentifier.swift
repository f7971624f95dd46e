/// A patient's identifier in a file or a message: a number, and its issuer if known.
package struct PatientIdentifier: Sendable, Hashable {
  /// Without leading and trailing blanks and zeros; never empty.
  package let number: String
  /// Empty where the issuer is not named.
  package let issuer: String

  /// - Returns: `nil` for a number that is empty or blank.
  package init?(number: String, issuer: String = "") {
    let number = number.withoutPadding
    guard !number.isEmpty else { return nil }
    self.number = number
    self.issuer = issuer.withoutPadding
  }
}

extension String {
  /// The text without the padding of identifiers in DICOM (PS3.5 6.2) and HL7: leading and trailing white space and
  /// NULs.
  package var withoutPadding: String {
    let isValue = { (character: Unicode.Scalar) in
      character != "\0" && !character.properties.isWhitespace
    }
    guard let first = unicodeScalars.firstIndex(where: isValue),
      let last = unicodeScalars.lastIndex(where: isValue)
    else { return "" }
    return String(unicodeScalars[first...last])
  }
}
