import Foundation

/// A data set built byte by byte, for content that no writer should produce.
package struct RawDataSet {
  package enum Encoding: Sendable {
    case implicit, explicit
    package var syntax: String {
      self == .implicit ? "1.2.840.10008.1.2" : "1.2.840.10008.1.2.1"
    }
  }

  private struct Element {
    var vr: String
    var value: [UInt8]
    var isUndefined = false
  }

  private var elements: [UInt32: Element] = [:]

  /// An instance of 64 × 64 pixels of 16 bits, a ramp from 0 to 4095 in each row.
  package init(study: String = "1.2.3.4") {
    for (tag, vr, text) in [
      (0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.2"), (0x0008_0018, "UI", study + ".5"),
      (0x0008_0060, "CS", "CT"), (0x0010_0010, "PN", "CANARYNAME^ANNA"),
      (0x0020_000d, "UI", study), (0x0020_000e, "UI", study + ".1"),
      (0x0028_0004, "CS", "MONOCHROME2"),
    ] as [(UInt32, String, String)] { set(tag, vr, text) }
    for (tag, number) in [
      (0x0028_0002, 1), (0x0028_0010, 64), (0x0028_0011, 64), (0x0028_0100, 16), (0x0028_0101, 12),
      (0x0028_0102, 11), (0x0028_0103, 0),
    ] as [(UInt32, UInt16)] { set(tag, "US", words: [number]) }
    set(0x7fe0_0010, "OW", words: (0..<4096).map { UInt16($0 % 64 * 65) })
  }

  package mutating func set(_ tag: UInt32, _ vr: String, _ text: String) {
    set(tag, vr, bytes: Array(text.utf8))
  }

  package mutating func set(_ tag: UInt32, _ vr: String, words: [UInt16]) {
    set(tag, vr, bytes: words.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] })
  }

  package mutating func set(_ tag: UInt32, _ vr: String, bytes: [UInt8]) {
    let pad: UInt8 = vr == "UI" ? 0 : 0x20
    elements[tag] = Element(vr: vr, value: bytes + (bytes.count % 2 == 1 ? [pad] : []))
  }

  /// A sequence with one item.
  package mutating func set(_ tag: UInt32, item: RawDataSet, _ encoding: Encoding) {
    let inner = item.encoded(encoding)
    set(tag, "SQ", bytes: [0xfe, 0xff, 0x00, 0xe0] + Self.long(inner.count) + inner)
  }

  /// Encapsulated pixel data: one fragment, without an offset table.
  package mutating func setPixels(fragment: [UInt8]) {
    let padded = fragment + (fragment.count % 2 == 1 ? [0] : [])
    let item: [UInt8] = [0xfe, 0xff, 0x00, 0xe0]
    let value =
      item + Self.long(0) + item + Self.long(padded.count) + padded + [0xfe, 0xff, 0xdd, 0xe0]
      + Self.long(0)
    elements[0x7fe0_0010] = Element(vr: "OB", value: value, isUndefined: true)
  }

  package static var empty: RawDataSet {
    var empty = RawDataSet()
    empty.elements = [:]
    return empty
  }

  private static func long(_ number: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  package func encoded(_ encoding: Encoding) -> [UInt8] {
    elements.sorted { $0.key < $1.key }.flatMap { tag, element -> [UInt8] in
      let head = [tag >> 16, tag >> 24, tag, tag >> 8].map { UInt8(truncatingIfNeeded: $0) }
      let length = Self.long(element.isUndefined ? 0xffff_ffff : element.value.count)
      switch encoding {
      case .implicit: return head + length + element.value
      case .explicit where ["OB", "OW", "SQ", "UN", "UT"].contains(element.vr):
        return head + element.vr.utf8 + [0, 0] + length + element.value
      case .explicit: return head + element.vr.utf8 + length.prefix(2) + element.value
      }
    }
  }

  /// A whole file.
  ///
  /// - Parameters:
  ///   - syntax: the transfer syntax in the meta header.
  ///   - excess: bytes by which the meta header's group length is too large.
  package func file(_ encoding: Encoding, syntax: String? = nil, excess: Int = 0) -> Data {
    var meta = RawDataSet.empty
    meta.set(0x0002_0002, "UI", "1.2.840.10008.5.1.4.1.1.2")
    meta.set(0x0002_0010, "UI", syntax ?? encoding.syntax)
    let group = meta.encoded(.explicit)
    let length = Self.long(group.count + excess)
    return Data(
      [UInt8](repeating: 0, count: 128) + "DICM".utf8 + [2, 0, 0, 0] + "UL".utf8 + [4, 0] + length
        + group + encoded(encoding))
  }
}
