/// MSH-1 and MSH-2, and the escape sequences that stand for them (HL7 v2.5.1, 2.7).
struct HL7Delimiters {
  let field: UInt8
  let component: UInt8
  let repetition: UInt8
  let escape: UInt8
  let subcomponent: UInt8

  /// - Parameter header: an MSH segment; marks that it leaves out are the usual ones.
  init(_ header: [UInt8]) {
    field = header.count > 3 ? header[3] : UInt8(ascii: "|")
    var marks = Array("^~\\&".utf8)
    let own = header.dropFirst(4).prefix { [field] in $0 != field }
    for (place, mark) in own.prefix(4).enumerated() { marks[place] = mark }
    (component, repetition, escape, subcomponent) = (marks[0], marks[1], marks[2], marks[3])
  }

  /// Plain bytes. Highlighting has no width; what is no escape sequence stays as it is.
  ///
  /// - Parameter characters: turns the bytes of a hexadecimal sequence into what the rest is.
  func unescape(_ value: [UInt8], characters: ([UInt8]) -> [UInt8]) -> [UInt8] {
    guard value.contains(escape) else { return value }
    var result: [UInt8] = []
    var place = 0
    while place < value.count {
      guard value[place] == escape,
        let end = value[(place + 1)...].prefix(80).firstIndex(of: escape),
        let meaning = meaning(value[(place + 1)..<end], characters)
      else {
        result.append(value[place])
        place += 1
        continue
      }
      result += meaning
      place = end + 1
    }
    return result
  }

  private func meaning(_ code: ArraySlice<UInt8>, _ characters: ([UInt8]) -> [UInt8]) -> [UInt8]? {
    let line = [UInt8(ascii: "\n")]
    switch String(decoding: code, as: UTF8.self) {
    case "F": return [field]
    case "S": return [component]
    case "R": return [repetition]
    case "T": return [subcomponent]
    case "E": return [escape]
    case "P": return [UInt8(ascii: "#")]
    case "H", "N": return []
    case let text where text.hasPrefix("X") && text.utf8.count % 2 == 1:
      let digits = text.dropFirst()
      let bytes = stride(from: 0, to: digits.utf8.count, by: 2).compactMap { offset -> UInt8? in
        UInt8(digits.dropFirst(offset).prefix(2), radix: 16)
      }
      guard bytes.count * 2 == digits.utf8.count, !digits.contains("+"), !digits.contains("-")
      else {
        return nil
      }
      return characters(bytes)
    case let text where [".br", ".sp", ".ce"].contains { text.hasPrefix($0) }: return line
    case let text where text.hasPrefix(".sk"): return [UInt8(ascii: " ")]
    case let text
    where [".in", ".ti", ".fi", ".nf", "Z", "C", "M"].contains { text.hasPrefix($0) }:
      return []
    default: return nil
    }
  }
}
