import Foundation
import TestSupport
import Testing

@testable import Core
@testable import Decoding

/// Texts whose files name no character set or an unknown one.
@Suite struct FallbackCharsetTests {
  private static func data(_ name: [UInt8], charset: String? = nil) -> Data {
    var file = RawDataSet()
    if let charset { file.set(0x0008_0005, "CS", charset) }
    file.set(0x0010_0010, "PN", bytes: name)
    return file.file(.explicit)
  }

  /// The names that a worker finds.
  private static func names(_ data: Data, _ fallback: String) throws -> [String] {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.dcm", data)
    let worker = DecodingWorker(
      .init(
        executable: DecodingWorker.defaultExecutable,
        instance: .init(side: 64, frames: 1, fallbackCharset: fallback), timeout: 30,
        memory: 1 << 30))
    return try worker.decode(path).get().0.names.revealed
  }

  private static let shiftJIS: [UInt8] = [0x8e, 0x52, 0x93, 0x63]
  private static let escaped: [UInt8] = [
    0x1b, 0x24, 0x42, 0x3b, 0x33, 0x45, 0x44, 0x1b, 0x28, 0x42,
  ]

  @Test(
    arguments: [
      ("ISO_IR 100", [0xe9, 0xe8], "éè"), ("ISO_IR 101", [0xb9, 0xbf], "šż"),
      ("ISO_IR 144", [0xb8, 0xd2], "ив"), ("ISO_IR 203", [0xa8, 0xb8], "šž"),
      ("iso-8859-15", [0xa8, 0xb8], "šž"), ("windows-1250", [0x9a, 0x9e], "šž"),
      ("KOI8-R", [0xc9, 0xd7], "ив"), ("GB18030", [0xc9, 0xbd, 0xcc, 0xef], "山田"),
      ("shift_jis", shiftJIS, "山田"), ("ISO 2022 IR 87", escaped, "山田"),
      // Bytes that are invalid in the fallback, too, are Latin-1.
      ("shift_jis", [0xe9, 0x20, 0xe8, 0x2d, 0x41, 0x42], "abé"),
      // UTF-8 is tried first.
      ("windows-1250", Array("éè".utf8), "éè"),
    ] as [(String, [UInt8], String)], [nil, "", "nonsense", "ISO_IR 6"])
  func `names are read in the fallback`(
    _ row: (fallback: String, name: [UInt8], expected: String), _ charset: String?
  ) throws {
    let names = try Self.names(
      Self.data(Array("Xy^".utf8) + row.name + row.name, charset: charset), row.fallback)
    #expect(names.contains { $0.hasPrefix(row.expected) }, "\(names)")
  }

  @Test(
    arguments: [
      ("\\ISO 2022 IR 87", "Yamada^Tarou=\u{1b}$B;3ED\u{1b}(B^\u{1b}$BB@O:\u{1b}(B", []),
      ("ISO 2022 IR 13\\ISO 2022 IR 87", "", [0xd4, 0xcf, 0xc0, 0xde]),
      ("\\ISO 2022 IR 87\\ISO 2022 IR 159", "\u{1b}$B;3ED\u{1b}(B^\u{1b}$(D0!0!\u{1b}(B", []),
    ] as [(String, String, [UInt8])])
  func `Japanese names are read by their escape sequences`(
    _ charset: String, _ text: String, _ more: [UInt8]
  ) throws {
    let names = try Self.names(Self.data(Array(text.utf8) + more, charset: charset), "ISO_IR 100")
    let all = names.joined(separator: " ")
    #expect(text.isEmpty ? all == "ﾔﾏﾀﾞ" : all.contains("山田"), "\(names)")
    #expect(!text.contains("B@O") || all.contains("太郎"))
    #expect(!text.contains("D0!") || all.contains("丂丂"))
  }

  @Test func `a character set named in the file comes first`() throws {
    let names = try Self.names(Self.data([0xb8, 0xd2], charset: "ISO_IR 144"), "ISO_IR 100")
    #expect(names == ["ив"])
  }

  /// A character of each set that Latin-1 lacks, by the number of its term.
  private static let samples: [String: (bytes: [UInt8], character: String)] = [
    "101": ([0xb1], "ą"), "109": ([0xb1], "ħ"), "110": ([0xb1], "ą"), "144": ([0xd0], "а"),
    "127": ([0xc8], "ب"), "126": ([0xe1], "α"), "138": ([0xe0], "א"), "148": ([0xfd], "ı"),
    "203": ([0xa8], "š"), "13": ([0xb1], "ｱ"), "166": ([0xa1], "ก"),
    "87": ([0x1b, 0x24, 0x42, 0x3b, 0x33], "山"),
    "159": ([0x1b, 0x24, 0x28, 0x44, 0x30, 0x21], "丂"),
    "149": ([0x1b, 0x24, 0x29, 0x43, 0xb1, 0xe8], "김"),
    "58": ([0x1b, 0x24, 0x29, 0x41, 0xcd, 0xf5], "王"), "GB18030": ([0xcd, 0xf5], "王"),
    "GBK": ([0xcd, 0xf5], "王"), "100": ([0xe9], "é"),
  ]

  @Test(arguments: CharacterSetName.definedTerms.subtracting(["ISO_IR 192"]).sorted())
  func `workers know every defined term`(_ term: String) throws {
    let number = term.split(separator: " ").last.map { String($0) } ?? term
    let sample = try #require(Self.samples[number])
    let folder = try TemporaryFolder()
    var file = RawDataSet()
    file.set(0x0008_0070, "LO", bytes: sample.bytes)
    let path = try folder.file("a.dcm", file.file(.explicit))
    let read = try DICOMFile(path: path, fallbackCharset: term).string(0x0008_0070)
    #expect(read == sample.character)
  }
}
