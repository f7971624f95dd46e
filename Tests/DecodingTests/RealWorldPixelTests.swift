import Core
import Foundation
import TestSupport
import Testing

@testable import Decoding

/// Attributes that affect pixels, as devices write them.
@Suite struct RealWorldPixelTests {
  private static let ramp = (0..<64).map { Int((Double($0) * 255 / 63).rounded()) }

  private static func row(_ file: RawDataSet, _ encoding: RawDataSet.Encoding = .explicit) throws
    -> [Int]
  {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.dcm", file.file(encoding))
    return try RenderedFrame(path: path, index: 0).pixels.prefix(64).map(Int.init)
  }

  private static func near(_ row: [Int], _ expected: [Int]) -> Bool {
    zip(row, expected).allSatisfy { abs($0 - $1) <= 1 }
  }

  @Test(arguments: ["NaN", "inf", "-inf", "1e39", "-1E400", "x"])
  func `a value that isn't a number counts as absent`(_ text: String) throws {
    for tag in [0x0028_1052, 0x0028_1053] as [UInt32] {
      var file = RawDataSet()
      file.set(0x0028_1050, "DS", "2048")
      file.set(0x0028_1051, "DS", "4096")
      file.set(tag, "DS", text)
      #expect(Self.near(try Self.row(file), Self.ramp))
    }
    for tag in [0x0028_1050, 0x0028_1051] as [UInt32] {
      var file = RawDataSet()
      file.set(0x0028_1050, "DS", "10")
      file.set(0x0028_1051, "DS", "20")
      file.set(tag, "DS", text)
      #expect(Self.near(try Self.row(file), Self.ramp))
    }
  }

  @Test(arguments: [("x\\100", "20"), ("\\100", "20\\4096"), ("NaN\\100", "20"), ("10", "y\\20")])
  func `the first value counts, not the first that is a number`(_ center: String, _ width: String)
    throws
  {
    var file = RawDataSet()
    file.set(0x0028_1050, "DS", center)
    file.set(0x0028_1051, "DS", width)
    #expect(Self.near(try Self.row(file), Self.ramp))
  }

  @Test(arguments: ["LINEAR_EXACT", "SIGMOID", "sigmoid "], ["0.5", "0.01"])
  func `narrow windows are allowed where the standard allows them`(
    _ function: String, _ width: String
  ) throws {
    var file = RawDataSet()
    file.set(0x0028_1053, "DS", "0.001")
    file.set(0x0028_1050, "DS", "2.0")
    file.set(0x0028_1051, "DS", width)
    file.set(0x0028_1056, "CS", function)
    let row = try Self.row(file)
    #expect(row[0] == 0 && row[63] == 255 && row[20] < 64 && row[40] > 192)
  }

  @Test(arguments: [("US", 63_536), ("SS", 63_536), ("OW", 63_536)] as [(String, UInt16)])
  func `padding has the sign of the pixels`(_ vr: String, _ padding: UInt16) throws {
    var file = RawDataSet()
    file.set(0x0028_0103, "US", words: [1])
    file.set(0x0028_0101, "US", words: [16])
    file.set(0x0028_0102, "US", words: [15])
    file.set(0x0028_0120, vr, words: [padding])
    // The first half is padding of -2000, the other a ramp from 0 to 620.
    let pixels = (0..<4096).map { $0 % 64 < 32 ? padding : UInt16($0 % 64 - 32) * 20 }
    file.set(0x7fe0_0010, "OW", words: pixels)
    for encoding in [RawDataSet.Encoding.explicit, .implicit] {
      let row = try Self.row(file, encoding)
      #expect(row[31] == 0 && row[32] == 0 && row[48] > 100 && row[48] < 160 && row[63] == 255)
    }
  }

  /// Unsigned pixels, half of them padding. The range goes from the padding value to the limit, in either order; a
  /// signed value is the code with the same bits.
  @Test(
    arguments: [
      ("US", 65_535, "US", 60_000), ("US", 60_000, "US", 65_535), ("SS", 65_535, "SS", 60_000),
      ("SS", 60_000, "US", 65_535), ("OW", 60_000, "OW", 65_535),
    ] as [(String, UInt16, String, UInt16)])
  func `padding is a range`(_ vr: String, _ value: UInt16, _ limitVR: String, _ limit: UInt16)
    throws
  {
    var file = RawDataSet()
    file.set(0x0028_0101, "US", words: [16])
    file.set(0x0028_0102, "US", words: [15])
    file.set(0x0028_0120, vr, words: [value])
    file.set(0x0028_0121, limitVR, words: [limit])
    file.set(
      0x7fe0_0010, "OW",
      words: (0..<4096).map { $0 % 64 < 32 ? 60_000 + UInt16($0 % 64) * 170 : UInt16($0 % 64) * 20 }
    )
    let row = try Self.row(file)
    #expect(row[0..<32].allSatisfy { $0 == 0 } && row[63] == 255 && row[48] > 100 && row[48] < 160)
  }

  private static func table(first: UInt16, bits: UInt16, vr: String, _ entries: [UInt16])
    -> RawDataSet
  {
    var table = RawDataSet.empty
    table.set(0x0028_3002, vr, words: [UInt16(entries.count), first, bits])
    table.set(0x0028_3006, "OW", words: entries)
    return table
  }

  @Test(arguments: ["SS", "US"], [RawDataSet.Encoding.explicit, .implicit])
  func `a table may begin below zero if values may`(_ vr: String, _ encoding: RawDataSet.Encoding)
    throws
  {
    var file = RawDataSet()
    file.set(0x0028_1052, "DS", "-1024")
    let entries = (0..<4096).map { UInt16($0 * 16) }
    let table = Self.table(first: UInt16(bitPattern: -1024), bits: 16, vr: vr, entries)
    file.set(0x0028_3010, item: table, encoding)
    #expect(Self.near(try Self.row(file, encoding), Self.ramp))
  }

  @Test func `a negative slope makes values negative, too`() throws {
    var file = RawDataSet()
    file.set(0x0028_1053, "DS", "-1")
    let entries = (0..<4096).map { UInt16($0 * 16) }
    let table = Self.table(first: UInt16(bitPattern: -4095), bits: 16, vr: "SS", entries)
    file.set(0x0028_3010, item: table, .explicit)
    #expect(Self.near(try Self.row(file), Self.ramp.reversed()))
  }

  @Test(arguments: [8, 10, 12, 14, 16])
  func `white depends on the bits that the table holds`(_ bits: Int) throws {
    var file = RawDataSet()
    let entries = (0..<4096).map { UInt16($0 * ((1 << bits) - 1) / 4095) }
    file.set(0x0028_3010, item: Self.table(first: 0, bits: 16, vr: "US", entries), .explicit)
    #expect(Self.near(try Self.row(file), Self.ramp))
  }

  @Test(
    arguments: [(40_000, false), (65_000, false), (65_436, true), (0, false)] as [(UInt16, Bool)])
  func `a palette's first index may be big or negative`(_ first: UInt16, _ isSigned: Bool) throws {
    var file = RawDataSet()
    file.set(0x0028_0004, "CS", "PALETTE COLOR")
    file.set(0x0028_0101, "US", words: [16])
    file.set(0x0028_0102, "US", words: [15])
    file.set(0x0028_0103, "US", words: [isSigned ? 1 : 0])
    for index in 0..<3 as Range<UInt32> {
      file.set(0x0028_1101 + index, isSigned ? "SS" : "US", words: [64, first, 16])
      file.set(0x0028_1201 + index, "OW", words: (0..<64).map { $0 << 10 | $0 << 2 })
    }
    file.set(0x7fe0_0010, "OW", words: (0..<4096).map { first &+ UInt16($0 % 64) })
    #expect(Self.near(try Self.row(file), (0..<64).map { $0 * 4 }))
  }

  @Test(arguments: [7, 8, 12, 15])
  func `signed palette indices have BitsStored bits`(
    _ bits: Int
  ) throws {
    var file = RawDataSet()
    file.set(0x0028_0004, "CS", "PALETTE COLOR")
    file.set(0x0028_0101, "US", words: [UInt16(bits)])
    file.set(0x0028_0102, "US", words: [UInt16(bits - 1)])
    file.set(0x0028_0103, "US", words: [1])
    for index in 0..<3 as Range<UInt32> {
      file.set(0x0028_1101 + index, "SS", words: [64, UInt16(bitPattern: -32), 16])
      file.set(0x0028_1201 + index, "OW", words: (0..<64).map { $0 << 10 | $0 << 2 })
    }
    let mask = UInt16((1 << bits) - 1)
    let pixels = (0..<4096).map { UInt16(bitPattern: Int16($0 % 64 - 32)) & mask }
    file.set(0x7fe0_0010, "OW", words: pixels)
    #expect(Self.near(try Self.row(file), (0..<64).map { $0 * 4 }))
  }
}
