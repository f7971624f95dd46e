import Core

/// From the bytes of a file to HL7 v2 messages and their segments: MLLP frames (0B … 1C 0D), batches (FHS, BHS), or
/// messages one after another.
enum HL7Framing {
  private static let (cr, lf) = (UInt8(ascii: "\r"), UInt8(ascii: "\n"))
  /// What stands before the first segment of a message: line ends, MLLP marks, the last byte of a byte order mark.
  private static let leading: Set<UInt8> = [cr, lf, 0x0b, 0x1c, 0x00, 0x20, 0x09, 0xbf]

  /// Each message from its MSH segment up to the next one's.
  static func messages(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var starts: [Int] = []
    var hasCR = false
    for place in bytes.indices {
      if bytes[place] == cr { hasCR = true }
      guard bytes[place] == UInt8(ascii: "M"), isHeader(bytes[place...]) else { continue }
      let before = place > 0 ? bytes[place - 1] : cr
      guard leading.contains(before) else { continue }
      // Where CR ends segments, a line feed is part of a text.
      let isInText = before == lf && hasCR && !(place > 1 && bytes[place - 2] == cr)
      if starts.isEmpty || (!isInText && ![0x20, 0x09].contains(before)) {
        starts.append(place)
        hasCR = false
      }
    }
    return starts.indices.map { index in
      let end = index + 1 < starts.count ? starts[index + 1] : bytes.count
      let message = bytes[starts[index]..<end]
      // A frame ends here, whatever follows.
      return message.firstIndex(of: 0x1c).map { message[..<$0] } ?? message
    }
  }

  private static func isHeader(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count > 8, bytes.starts(with: "MSH".utf8) else { return false }
    return isDelimiter(bytes[bytes.startIndex + 3])
  }

  private static func isDelimiter(_ byte: UInt8) -> Bool {
    (0x21...0x7e).contains(byte) && !Unicode.Scalar(byte).properties.isAlphabetic
      && !(0x30...0x39).contains(byte)
  }

  /// The segments of a message. CR ends one; LF does where a message has no CR. A line that begins with no segment's name
  /// belongs to the field before it.
  static func segments(_ message: ArraySlice<UInt8>) -> [[UInt8]] {
    guard message.count > 3 else { return [] }
    let separator = message[message.startIndex + 3]
    let end = message.contains(cr) ? cr : lf
    var segments: [[UInt8]] = []
    for line in message.split(separator: end, omittingEmptySubsequences: true) {
      let line = line.first == lf ? line.dropFirst() : line
      guard line.contains(where: { $0 > 0x20 }) else { continue }
      if segments.isEmpty || isSegment(line, separator) {
        segments.append(Array(line))
      } else {
        segments[segments.count - 1] += [lf] + line
      }
    }
    return segments
  }

  private static func isSegment(_ line: ArraySlice<UInt8>, _ separator: UInt8) -> Bool {
    let isCapital = { (byte: UInt8) in (0x41...0x5a).contains(byte) }
    let name = line.prefix(3)
    guard name.count == 3, let first = name.first, isCapital(first),
      name.allSatisfy({ isCapital($0) || (0x30...0x39).contains($0) })
    else { return false }
    // Batch trailers and headers may have delimiters of their own.
    let batch = ["FHS", "BHS", "BTS", "FTS"].contains { name.elementsEqual($0.utf8) }
    return line.count == 3 || batch || line[line.startIndex + 3] == separator
  }
}
