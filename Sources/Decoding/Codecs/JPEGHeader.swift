/// How a JPEG stream (ITU-T T.81) describes itself before its first scan: a decoder delivers this, whatever the data
/// set's header says.
struct JPEGHeader {
  let precision: Int
  let rows: Int
  let columns: Int
  /// Identifiers of the components.
  let components: [UInt8]
  private let isLossless: Bool
  private let hasJFIF: Bool
  private let adobeTransform: UInt8?

  /// - Returns: `nil` if no frame header is found.
  init?(_ stream: [UInt8]) {
    var (jfif, adobe) = (false, UInt8?.none)
    var place = 2
    func word(_ at: Int) -> Int { Int(stream[at]) << 8 | Int(stream[at + 1]) }
    while place + 4 <= stream.count {
      guard stream[place] == 0xff else { return nil }
      let marker = stream[place + 1]
      // Fill bytes, and markers without a segment.
      if marker == 0xff {
        place += 1
        continue
      }
      if marker == 0x01 || (0xd0...0xd8).contains(marker) {
        place += 2
        continue
      }
      let (start, end) = (place + 4, place + 2 + word(place + 2))
      guard end >= start, end <= stream.count, marker != 0xda, marker != 0xd9 else { return nil }
      let content = stream[start..<end]
      switch marker {
      case 0xe0: jfif = jfif || content.starts(with: "JFIF\0".utf8)
      case 0xee where content.count >= 12 && content.starts(with: "Adobe".utf8):
        adobe = stream[start + 11]
      case 0xc0...0xcf where ![0xc4, 0xc8, 0xcc].contains(marker):
        guard content.count >= 6, content.count >= 6 + 3 * Int(stream[start + 5]) else {
          return nil
        }
        precision = Int(stream[start])
        (rows, columns) = (word(start + 1), word(start + 3))
        components = (0..<Int(stream[start + 5])).map { stream[start + 6 + 3 * $0] }
        isLossless = [0xc3, 0xc7, 0xcb, 0xcf].contains(marker)
        (hasJFIF, adobeTransform) = (jfif, adobe)
        return
      default: break
      }
      place = end
    }
    return nil
  }

  /// The colour model of three components, as libjpeg determines it; `nil` if the stream leaves it to the data set.
  var photometric: String? {
    guard components.count == 3, !isLossless else { return nil }
    if let adobeTransform { return adobeTransform == 0 ? "RGB" : "YBR_FULL" }
    if hasJFIF { return "YBR_FULL" }
    return components == Array("RGB".utf8) ? "RGB" : nil
  }
}
