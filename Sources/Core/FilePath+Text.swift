/// A path as text; percent-decoding restores its bytes.
extension FilePath: CustomStringConvertible {
  /// For programs. Bytes that are not UTF-8, and a `%` before two hexadecimal digits, are percent-encoded.
  package var text: String { encoded { _ in false } }

  /// For people: control characters and line separators are percent-encoded, too, so that a name stays on one line.
  package var description: String {
    encoded {
      switch $0.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: true
      default: false
      }
    }
  }

  private func encoded(_ isEscaped: (Unicode.Scalar) -> Bool) -> String {
    var text = ""
    var place = 0
    while place < bytes.count {
      // The first byte begins with as many one bits as the sequence has bytes, or with none.
      let length = max(1, (~bytes[place]).leadingZeroBitCount)
      let sequence = bytes[place..<min(place + length, bytes.count)]
      if let scalar = String(validating: sequence, as: UTF8.self)?.unicodeScalars.first,
        !isEscaped(scalar), !isEscape(at: place)
      {
        text.unicodeScalars.append(scalar)
        place = sequence.endIndex
      } else {
        text += "%" + hexadecimal(CollectionOfOne(bytes[place])).uppercased()
        place += 1
      }
    }
    return text
  }

  private func isEscape(at place: Int) -> Bool {
    bytes[place] == UInt8(ascii: "%") && place + 2 < bytes.count
      && bytes[place + 1...place + 2].allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
  }
}
