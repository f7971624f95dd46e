import Core

/// Splits the bytes of a file into HL7 v2 messages and their segments: MLLP frames (0B … 1C 0D), batches (FHS, BHS), or
/// messages one after another.
enum HL7Framing {
  private static let (cr, lf) = (UInt8(ascii: "\r"), UInt8(ascii: "\n"))
  /// What may precede the first segment of a message: line ends, MLLP marks, the last byte of a byte order mark.
  private static let leading: Set<UInt8> = [cr, lf, 0x0b, 0x1c, 0x00, 0xbf]
  private static let blanks: Set<UInt8> = [0x20, 0x09]

  /// A file in UTF-16 as UTF-8, detected by its byte order mark or its first letters.
  ///
  /// - Returns: `nil` for any other file.
  static func wide(_ bytes: [UInt8]) -> [UInt8]? {
    let isMarked = [[0xff, 0xfe], [0xfe, 0xff]].contains(Array(bytes.prefix(2)))
    let name: String
    switch Array(bytes.prefix(4)) {
    case [0x4d, 0, 0x53, 0]: name = "UTF-16LE"
    case [0, 0x4d, 0, 0x53]: name = "UTF-16BE"
    case _ where isMarked: name = "UTF-16"
    default: return nil
    }
    return TextEncoding(name)?.decode(bytes).map { Array($0.utf8) }
  }

  /// Each message, from its MSH segment to the next one.
  static func messages(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var starts: [Int] = []
    var hasCR = false
    for place in bytes.indices {
      if bytes[place] == cr { hasCR = true }
      guard bytes[place] == UInt8(ascii: "M"), isHeader(bytes[place...]) else { continue }
      let lead = bytes[..<place].lastIndex { !blanks.contains($0) }
      let before = lead.map { bytes[$0] } ?? cr
      guard leading.contains(before) else { continue }
      // Where CR ends segments, a line feed is part of a text, which may quote a header but hardly a whole one.
      let isInText = before == lf && hasCR && !(lead.map { $0 > 0 && bytes[$0 - 1] == cr } ?? false)
      if starts.isEmpty || !isInText || namesType(bytes[place...]) {
        starts.append(place)
        hasCR = false
      }
    }
    return starts.indices.map { index in
      let end = index + 1 < starts.count ? starts[index + 1] : bytes.count
      let message = bytes[starts[index]..<end]
      return endOfFrame(message).map { message[..<$0] } ?? message
    }
  }

  /// The mark that ends a frame. Within a text the same byte is followed by text.
  private static func endOfFrame(_ message: ArraySlice<UInt8>) -> Int? {
    message.indices.first { place in
      message[place] == 0x1c
        && (place + 1 == message.endIndex || leading.contains(message[place + 1]))
    }
  }

  /// Whether a header's MSH-9 begins like a message type: with three capitals.
  private static func namesType(_ bytes: ArraySlice<UInt8>) -> Bool {
    let header = bytes.prefix { $0 != cr && $0 != lf }
    let fields = header.split(
      separator: bytes[bytes.startIndex + 3], maxSplits: 9, omittingEmptySubsequences: false)
    guard fields.count > 8, fields[8].count >= 3 else { return false }
    return fields[8].prefix(3).allSatisfy(isCapital)
  }

  private static func isHeader(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count > 8, bytes.starts(with: "MSH".utf8) else { return false }
    return isDelimiter(bytes[bytes.startIndex + 3])
  }

  private static func isDelimiter(_ byte: UInt8) -> Bool {
    (0x21...0x7e).contains(byte) && !Unicode.Scalar(byte).properties.isAlphabetic
      && !(0x30...0x39).contains(byte)
  }

  /// The segments of a message. CR ends a segment, or LF if the message has no CR. A line that doesn't begin with a
  /// segment's name belongs to the field before it.
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

  private static func isCapital(_ byte: UInt8) -> Bool { (0x41...0x5a).contains(byte) }

  private static func isSegment(_ line: ArraySlice<UInt8>, _ separator: UInt8) -> Bool {
    let name = line.prefix(3)
    guard name.count == 3, let first = name.first, isCapital(first),
      name.allSatisfy({ isCapital($0) || (0x30...0x39).contains($0) })
    else { return false }
    // Batch trailers and headers may have delimiters of their own.
    let batch = ["FHS", "BHS", "BTS", "FTS"].contains { name.elementsEqual($0.utf8) }
    return line.count == 3 || batch || line[line.startIndex + 3] == separator
  }
}
