/// MSH-1 and MSH-2, and the escape sequences that stand for them (HL7 v2.5.1, 2.7; the truncation mark since v2.7).
struct HL7Delimiters {
  /// Bytes of a text in one character set.
  struct Run {
    /// The escape sequence of ISO 2022, without ESC, that is in force; empty for the message's own set.
    var designation: [UInt8] = []
    var bytes: [UInt8] = []
  }

  private enum Meaning {
    case bytes([UInt8])
    case designation([UInt8])
  }

  let field: UInt8
  let component: UInt8
  let repetition: UInt8
  let escape: UInt8
  let subcomponent: UInt8
  let truncation: UInt8

  /// - Parameter header: an MSH segment; delimiters that it leaves out are the usual ones.
  init(_ header: [UInt8]) {
    field = header.count > 3 ? header[3] : UInt8(ascii: "|")
    var marks = Array("^~\\&#".utf8)
    let own = header.dropFirst(4).prefix { [field] in $0 != field }
    for (place, mark) in own.prefix(5).enumerated() { marks[place] = mark }
    (component, repetition, escape, subcomponent) = (marks[0], marks[1], marks[2], marks[3])
    truncation = marks[4]
  }

  /// Unescaped bytes, in runs of one character set each. Highlighting is dropped; anything that is not an escape
  /// sequence stays.
  ///
  /// - Parameter characters: converts the bytes of a hexadecimal sequence to the encoding of the rest.
  func unescape(_ value: [UInt8], characters: ([UInt8]) -> [UInt8]) -> [Run] {
    guard value.contains(escape) else { return [Run(bytes: value)] }
    var runs = [Run()]
    var place = 0
    while place < value.count {
      guard value[place] == escape, let end = value[(place + 1)...].firstIndex(of: escape),
        let meaning = meaning(value[(place + 1)..<end], characters)
      else {
        runs[runs.count - 1].bytes.append(value[place])
        place += 1
        continue
      }
      switch meaning {
      case .bytes(let bytes): runs[runs.count - 1].bytes += bytes
      case .designation(let designation): runs.append(Run(designation: designation))
      }
      place = end + 1
    }
    return runs
  }

  /// Whether a message has escape sequences that change the character set.
  func designates(_ message: ArraySlice<UInt8>) -> Bool {
    zip(message, message.dropFirst()).contains { first, second in
      first == escape && (second == UInt8(ascii: "C") || second == UInt8(ascii: "M"))
    }
  }

  private func meaning(_ code: ArraySlice<UInt8>, _ characters: ([UInt8]) -> [UInt8]) -> Meaning? {
    switch String(decoding: code, as: UTF8.self) {
    case "F": .bytes([field])
    case "S": .bytes([component])
    case "R": .bytes([repetition])
    case "T": .bytes([subcomponent])
    case "E": .bytes([escape])
    case "P": .bytes([truncation])
    case "H", "N", ".H", ".N": .bytes([])
    case let text where text.hasPrefix("X"):
      Self.hexadecimal(code.dropFirst()).map { .bytes(characters($0)) }
    case let text where text.hasPrefix("C") || text.hasPrefix("M"):
      Self.hexadecimal(code.dropFirst()).flatMap {
        (2...3).contains($0.count) ? .designation($0) : nil
      }
    // Sender and receiver agree on its meaning.
    case let text where text.hasPrefix("Z"):
      Self.hexadecimal(code.dropFirst()).map { _ in .bytes([]) }
    case let text where [".br", ".sp", ".ce"].contains { text.hasPrefix($0) }:
      .bytes([UInt8(ascii: "\n")])
    case let text where text.hasPrefix(".sk"): .bytes([UInt8(ascii: " ")])
    case let text where [".in", ".ti", ".fi", ".nf"].contains { text.hasPrefix($0) }: .bytes([])
    default: nil
    }
  }

  private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
    let values = digits.map { Unicode.Scalar($0).properties.isASCIIHexDigit ? $0 : 0 }
    guard values.count > 0, values.count % 2 == 0, !values.contains(0) else { return nil }
    return stride(from: 0, to: values.count, by: 2).compactMap {
      UInt8(String(decoding: values[$0...$0 + 1], as: UTF8.self), radix: 16)
    }
  }
}
