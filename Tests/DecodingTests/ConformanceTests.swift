import Core
import Foundation
import TestSupport
import Testing

@testable import Decoding

/// The rows of docs/dicom-conformance.md whose files can be written without another library.
@Suite struct ConformanceTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let side = 32
  /// A gradient 0…255, the same in every row.
  private static let gradient = (0..<side * side).map { UInt8($0 % side * 255 / (side - 1)) }

  private func render(
    _ changes: [UInt32: String], syntax: String = "1.2.840.10008.1.2.1", bytes: [UInt8]? = nil,
    words: [UInt16]? = nil
  ) throws -> [UInt8] {
    let path = folder.path + "/a.dcm"
    let writer = try DICOMWriter()
    var elements: [UInt32: String] = [
      0x0008_0016: "1.2.840.10008.5.1.4.1.1.7", 0x0008_0018: "1.2.3", 0x0008_0060: "OT",
      0x0020_000d: "1.2", 0x0020_000e: "1.2.1", 0x0028_0002: "1", 0x0028_0004: "MONOCHROME2",
      0x0028_0010: "\(Self.side)", 0x0028_0011: "\(Self.side)", 0x0028_0100: "8", 0x0028_0101: "8",
      0x0028_0102: "7", 0x0028_0103: "0", 0x0028_1050: "127.5", 0x0028_1051: "256",
    ]
    elements.merge(changes) { $1 }
    for (tag, value) in elements.sorted(by: { $0.key < $1.key }) where !value.isEmpty {
      try writer.set(DICOMTag(rawValue: tag), value)
    }
    if let bytes { try writer.setPixels(bytes) }
    if let words { try writer.setPixels(words) }
    try writer.save(path, transferSyntax: TransferSyntax(uid: syntax))
    return try RenderedFrame(path: path, index: 0).pixels
  }

  private func expectGradient(_ pixels: [UInt8], within limit: Int = 1) {
    for (mine, expected) in zip(pixels, Self.gradient) {
      #expect(abs(Int(mine) - Int(expected)) <= limit)
    }
  }

  private static let syntaxes = SyntheticFile.syntaxes + ["1.2.840.10008.1.2.1.99"]

  @Test(arguments: syntaxes)
  func `8 bit grey`(_ syntax: String) throws {
    expectGradient(try render([:], syntax: syntax, bytes: Self.gradient))
  }

  @Test(arguments: syntaxes)
  func `16 bit grey, signed`(_ syntax: String) throws {
    let words = Self.gradient.map { UInt16(bitPattern: Int16($0) * 100 - 10_000) }
    let pixels = try render(
      [
        0x0028_0100: "16", 0x0028_0101: "16", 0x0028_0102: "15", 0x0028_0103: "1",
        0x0028_1050: "2750",
        0x0028_1051: "25500",
      ], syntax: syntax, words: words)
    expectGradient(pixels)
  }

  @Test(arguments: ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"])
  func `32 bit grey`(_ syntax: String) throws {
    let words = Self.gradient.flatMap { value -> [UInt16] in
      let number = UInt32(value) * 1_000_000
      return [UInt16(truncatingIfNeeded: number), UInt16(number >> 16)]
    }
    // In big endian the writer swaps words, so it receives the halves of a number swapped.
    let isBig = syntax == "1.2.840.10008.1.2.2"
    let ordered =
      isBig
      ? stride(from: 0, to: words.count, by: 2).flatMap { [words[$0 + 1], words[$0]] } : words
    let pixels = try render(
      [
        0x0028_0100: "32", 0x0028_0101: "32", 0x0028_0102: "31", 0x0028_1050: "127500000",
        0x0028_1051: "255000000",
      ], syntax: syntax, words: ordered)
    expectGradient(pixels)
  }

  @Test func `1 bit, several frames that begin within a byte`() throws {
    // 32 × 32 pixels are 128 bytes; a row fewer makes the second frame of 31 × 31 begin at bit 961.
    let side = 31
    let bits = (0..<2 * side * side).map { ($0 / 3) % 2 == 0 }
    var bytes = [UInt8](repeating: 0, count: (bits.count + 7) / 8 + 1)
    for (index, bit) in bits.enumerated() where bit { bytes[index / 8] |= 1 << UInt8(index % 8) }
    let changes: [UInt32: String] = [
      0x0028_0008: "2", 0x0028_0010: "\(side)", 0x0028_0011: "\(side)", 0x0028_0100: "1",
      0x0028_0101: "1",
      0x0028_0102: "0", 0x0028_1050: "", 0x0028_1051: "",
    ]
    let first = try render(changes, bytes: bytes)
    #expect(first == bits.prefix(side * side).map { $0 ? 255 : 0 })
    let second = try RenderedFrame(path: folder.path + "/a.dcm", index: 1).pixels
    #expect(second == bits.suffix(side * side).map { $0 ? 255 : 0 })
  }

  @Test func `12 bits in the upper part of 16, overlay bits below`() throws {
    let words = Self.gradient.map { UInt16($0) << 8 | UInt16($0 & 15) }
    let pixels = try render(
      [
        0x0028_0100: "16", 0x0028_0101: "12", 0x0028_0102: "15", 0x0028_1050: "2040",
        0x0028_1051: "4081",
      ],
      words: words)
    expectGradient(pixels)
  }

  @Test(arguments: ["0", "1"], syntaxes.filter { !$0.hasSuffix(".80") })
  func `RGB in both planar configurations`(_ planar: String, _ syntax: String) throws {
    let samples =
      planar == "0"
      ? Self.gradient.flatMap { value -> [UInt8] in [value, value, value] }
      : Self.gradient + Self.gradient + Self.gradient
    let pixels = try render(
      [0x0028_0002: "3", 0x0028_0004: "RGB", 0x0028_0006: planar], syntax: syntax, bytes: samples)
    expectGradient(pixels)
  }

  @Test func `colours become luminance`() throws {
    let samples = (0..<Self.side * Self.side).flatMap { _ -> [UInt8] in [200, 100, 50] }
    let pixels = try render(
      [0x0028_0002: "3", 0x0028_0004: "RGB", 0x0028_0006: "0"], bytes: samples)
    #expect(pixels.allSatisfy { $0 == 124 })
  }

  @Test func `YBR_FULL gives its first component`() throws {
    let samples = Self.gradient.flatMap { value -> [UInt8] in [value, 90, 200] }
    expectGradient(
      try render([0x0028_0002: "3", 0x0028_0004: "YBR_FULL", 0x0028_0006: "0"], bytes: samples),
      within: 0)
  }

  @Test func `YBR_FULL_422 keeps two pixels in four bytes`() throws {
    let samples = stride(from: 0, to: Self.gradient.count, by: 2).flatMap { at -> [UInt8] in
      [Self.gradient[at], Self.gradient[at + 1], 90, 200]
    }
    expectGradient(
      try render(
        [0x0028_0002: "3", 0x0028_0004: "YBR_FULL_422", 0x0028_0006: "0"], bytes: samples),
      within: 0)
  }

  @Test func `MONOCHROME1 is inverted`() throws {
    let pixels = try render([0x0028_0004: "MONOCHROME1"], bytes: Self.gradient.map { 255 - $0 })
    expectGradient(pixels)
  }

  @Test func `segmented tables are expanded`() {
    // Three discrete entries, a line to 100 in 4 steps, and the first two segments again.
    let table = LookupTable.expand([0, 3, 10, 20, 60, 1, 4, 100, 2, 2, 0, 0])
    #expect(table == [10, 20, 60, 70, 80, 90, 100, 10, 20, 60, 70, 80, 90, 100])
    for nonsense in [[], [0], [0, 9, 1], [1, 4, 5], [2, 1, 0, 0], [7, 1, 1]] as [[UInt16]] {
      #expect(LookupTable.expand(nonsense).isEmpty)
    }
  }

  @Test func `8-bit tables may have two entries per word`() {
    #expect(LookupTable.unpack([0x0201, 0x0403], count: 4, bits: 8) == [1, 2, 3, 4])
    #expect(LookupTable.unpack([1, 2, 3], count: 3, bits: 8) == [1, 2, 3])
    #expect(LookupTable.unpack([1, 2, 3], count: 2, bits: 16) == [1, 2])
  }

  @Test(arguments: [
    ("ISO_IR 101", [0xae, 0x69, 0x76, 0x6b, 0x6f] as [UInt8], "živko"),
    ("ISO_IR 100", [0x4d, 0xfc, 0x6c, 0x6c, 0x65], "mülle"),
    ("ISO_IR 144", [0xb8, 0xd2, 0xd0, 0xdd, 0xd0], "ивана"),
    ("ISO_IR 192", [0xc5, 0xbd, 0x69, 0x76, 0x6f], "živo"),
  ])
  func `names are read in the file's character set`(_ set: String, _ bytes: [UInt8], _ name: String)
    throws
  {
    let path = folder.path + "/a.dcm"
    try SyntheticFile.write(path, changes: [0x0008_0005: set, 0x0010_0010: "NNNNN"])
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    let place = try #require(data.range(of: Data("NNNNN".utf8)))
    data.replaceSubrange(place, with: bytes)
    try data.write(to: URL(fileURLWithPath: path))
    let decoded = try InstanceDecoder.decode(path, .init(side: 32, frames: 1))
    #expect(decoded.instance.names.revealed == [name])
  }
}
