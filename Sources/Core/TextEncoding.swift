import Glibc

/// A character set that glibc's iconv converts from, by any name that it knows.
package struct TextEncoding: Sendable, Hashable {
  package let name: String

  package static let utf8 = TextEncoding(known: "UTF-8")
  package static let latin1 = TextEncoding(known: "ISO-8859-1")

  private init(known name: String) { self.name = name }

  /// - Returns: `nil` for a name that iconv doesn't know.
  package init?(_ name: String) {
    guard !name.isEmpty, !name.contains("/"), let converter = Self.open(name) else { return nil }
    iconv_close(converter)
    self.name = name
  }

  var isUTF8: Bool { ["UTF-8", "UTF8"].contains(name.uppercased()) }

  /// - Returns: `nil` for bytes that are not valid in this character set.
  package func decode(_ bytes: some Collection<UInt8>) -> String? {
    if isUTF8 { return String(validating: bytes, as: UTF8.self) }
    guard let converter = Self.open(name) else { return nil }
    defer { iconv_close(converter) }
    var input = bytes.map { CChar(bitPattern: $0) }
    // One byte of any character set here becomes at most four bytes.
    var output = [CChar](repeating: 0, count: 4 * input.count + 16)
    let capacity = output.count
    let written = input.withUnsafeMutableBufferPointer { input -> Int? in
      output.withUnsafeMutableBufferPointer { output -> Int? in
        var (source, target) = (input.baseAddress, output.baseAddress)
        var (left, room) = (input.count, capacity)
        guard iconv(converter, &source, &left, &target, &room) != Int(bitPattern: UInt.max),
          iconv(converter, nil, nil, &target, &room) != Int(bitPattern: UInt.max)
        else { return nil }
        return capacity - room
      }
    }
    return written.flatMap { count in
      String(validating: output[..<count].lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  private static func open(_ name: String) -> iconv_t? {
    let converter = iconv_open("UTF-8", name)
    return converter == iconv_t(bitPattern: -1) ? nil : converter
  }
}

extension String {
  /// Valid UTF-8 as it is, each other byte as a character of Latin-1: nothing is lost.
  package init(lenient bytes: [UInt8]) {
    self = String(validating: bytes, as: UTF8.self) ?? Self.mixed(bytes)
  }

  private static func mixed(_ bytes: [UInt8]) -> String {
    var scalars = String.UnicodeScalarView()
    var place = 0
    while place < bytes.count {
      // The shortest piece that is a character.
      let pieces = (1...Swift.min(4, bytes.count - place)).lazy.map { bytes[place..<place + $0] }
      let piece = pieces.first { String(validating: $0, as: UTF8.self) != nil }
      let scalar = piece.flatMap { String(decoding: $0, as: UTF8.self).unicodeScalars.first }
      scalars.append(scalar ?? Unicode.Scalar(bytes[place]))
      place += scalar == nil ? 1 : piece?.count ?? 1
    }
    return String(scalars)
  }
}
