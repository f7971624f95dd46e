import Foundation

/// A JSON value whose objects keep the order in which their members were written, so that a line of the
/// annotation log reads from the general to the particular.
package enum JSON: Sendable, Equatable {
  case null
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(String)
  case array([JSON])
  case object([(key: String, value: JSON)])

  package static func == (left: JSON, right: JSON) -> Bool { left.encoded == right.encoded }

  /// The value on one line. Numbers that JSON can't hold (NaN, infinities) become `null`.
  package var encoded: String {
    // Appending bytes is several times as fast as appending to a String.
    var text: [UInt8] = []
    text.reserveCapacity(2_048)
    write(to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  private func write(to text: inout [UInt8]) {
    switch self {
    case .null: text += "null".utf8
    case .bool(let value): text += (value ? "true" : "false").utf8
    case .int(let value): text += String(value).utf8
    case .double(let value): text += (value.isFinite ? "\(value)" : "null").utf8
    case .string(let value): JSON.quote(value, to: &text)
    case .array(let values):
      text.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { text.append(UInt8(ascii: ",")) }
        value.write(to: &text)
      }
      text.append(UInt8(ascii: "]"))
    case .object(let members):
      text.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { text.append(UInt8(ascii: ",")) }
        JSON.quote(member.key, to: &text)
        text.append(UInt8(ascii: ":"))
        member.value.write(to: &text)
      }
      text.append(UInt8(ascii: "}"))
    }
  }

  private static func quote(_ value: String, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "\""))
    var value = value
    value.withUTF8 { bytes in
      var copied = 0
      for (place, byte) in bytes.enumerated() {
        guard
          byte < 0x20 || byte == 0x7f || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
            || byte == 0xc2 || byte == 0xe2
        else { continue }
        if byte >= 0x80 {
          // Lines are viewed in terminals, which obey C1 controls and direction marks.
          let length = byte == 0xc2 ? 2 : 3
          let scalar = String(decoding: bytes[place..<place + length], as: UTF8.self)
          let escaped = scalar.printable
          guard escaped != scalar else { continue }
          text += bytes[copied..<place]
          text += escaped.utf8
          copied = place + length
          continue
        }
        text += bytes[copied..<place]
        copied = place + 1
        switch byte {
        case UInt8(ascii: "\n"): text += "\\n".utf8
        case ..<0x20, 0x7f: text += "\\u\(String(0x10000 + Int(byte), radix: 16).dropFirst())".utf8
        default: text += [UInt8(ascii: "\\"), byte]
        }
      }
      text += bytes[copied...]
    }
    text.append(UInt8(ascii: "\""))
  }
}

extension JSON: Decodable {
  /// Parses JSON text. The order of an object's members is not kept: they come sorted by key.
  ///
  /// - Throws: `DecodingError` when the text is not JSON.
  package init(parsing text: some StringProtocol) throws {
    self = try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
  }

  package init(from decoder: any Decoder) throws {
    let single = try decoder.singleValueContainer()
    if single.decodeNil() {
      self = .null
    } else if let value = try? single.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? single.decode(Int.self) {
      self = .int(value)
    } else if let value = try? single.decode(Double.self) {
      self = .double(value)
    } else if let value = try? single.decode(String.self) {
      self = .string(value)
    } else if let values = try? single.decode([JSON].self) {
      self = .array(values)
    } else {
      let members = try single.decode([String: JSON].self)
      self = .object(members.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) })
    }
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral,
  ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int) { self = .int(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(elements.map { (key: $0.0, value: $0.1) })
  }
}

extension JSON {
  /// A number rounded to six significant digits, enough for people to read.
  package static func figure(_ value: Double) -> JSON {
    guard value.isFinite, value != 0 else { return value.isFinite ? .double(0) : .null }
    let scale = pow(10, 5 - floor(log10(abs(value))))
    return .double((value * scale).rounded() / scale)
  }

  /// The string, or `null` if there is none.
  package static func optional(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }

  /// The member of an object, or `nil`.
  package subscript(key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  package var string: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  package var int: Int? {
    guard case .int(let value) = self else { return nil }
    return value
  }

  package var double: Double? {
    switch self {
    case .int(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }

  package var bool: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  package var array: [JSON]? {
    guard case .array(let values) = self else { return nil }
    return values
  }
}
