import Core
import Decoding
import Foundation
import TestSupport
import Testing

/// Items outside any sequence, from a writer that dropped the sequence's header.
@Suite struct StrayItemTests {
  private let folder: TemporaryFolder
  private let path: String
  private let region = Data([0x18, 0, 0x12, 0x60]) + Data("US".utf8) + Data([2, 0, 1, 0])

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path + "/a.dcm"
  }

  private func write(_ syntax: String, inFrontOfRows bytes: Data) throws {
    try SyntheticFile.write(path, syntax: syntax)
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    let rows = try #require(data.range(of: Data([0x28, 0, 0x10, 0]) + Data("US".utf8)))
    data.insert(contentsOf: bytes, at: rows.lowerBound)
    try data.write(to: URL(fileURLWithPath: path))
  }

  private func decoded() throws -> [UInt8] { try RenderedFrame(path: path, index: 0).pixels }

  private func item(_ length: UInt32?) -> Data {
    Data([0xfe, 0xff, 0, 0xe0]) + withUnsafeBytes(of: (length ?? .max).littleEndian) { Data($0) }
      + region
  }

  @Test(
    arguments: ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80"],
    [true, false])
  func `the rest of the file is read`(_ syntax: String, _ defined: Bool) throws {
    try SyntheticFile.write(path, syntax: syntax)
    let expected = try decoded()
    let end = Data([0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0])
    try write(
      syntax,
      inFrontOfRows: defined
        ? item(UInt32(region.count)) + item(UInt32(region.count)) : item(nil) + end)
    #expect(try decoded() == expected)
  }

  @Test(arguments: [11, 1 << 20, 0xffff_fff0] as [UInt32])
  func `an item that doesn't end inside the file is refused`(_ length: UInt32) throws {
    try write("1.2.840.10008.1.2.4.70", inFrontOfRows: item(length))
    #expect(throws: Rejection.self) { try decoded() }
  }
}
