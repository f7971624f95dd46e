import Core
import Foundation
import TestSupport
import Testing

@testable import Decoding

/// Headers that name the wrong transfer syntax.
@Suite struct MismatchTests {
  private static let deflated = "1.2.840.10008.1.2.1.99"
  private static let named =
    SyntheticFile.syntaxes + [
      deflated, "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.81",
      "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91",
    ]

  /// A file whose header names another transfer syntax.
  private static func renamed(_ file: Data, to syntax: String) throws -> Data {
    let head = Data([2, 0, 0x10, 0]) + Data("UI".utf8)
    let place = try #require(file.firstRange(of: head))
    let length = Int(file[place.upperBound]) | Int(file[place.upperBound + 1]) << 8
    let value = Data(syntax.utf8) + Data(count: syntax.utf8.count % 2)
    var named = file
    named.replaceSubrange(
      place.upperBound..<place.upperBound + 2 + length,
      with: Data([UInt8(value.count), 0]) + value)
    // The group is shorter or longer now.
    named[140] = UInt8(Int(file[140]) + value.count - length)
    return named
  }

  @Test(arguments: SyntheticFile.syntaxes + [deflated], named)
  func `a data set is read as what it is, whatever its header says`(
    _ syntax: String, _ name: String
  ) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/honest.dcm"
    let pixels = (0..<64 * 64).map { UInt16($0) }
    try SyntheticFile.write(path, syntax: syntax, pixels: pixels)
    let honest = try InstanceDecoder.decode(path, .init(side: 64, frames: 1))
    let file = try Data(contentsOf: URL(fileURLWithPath: path))
    let other = try folder.file("other.dcm", Self.renamed(file, to: name))
    let decoded = try InstanceDecoder.decode(other, .init(side: 64, frames: 1))
    #expect(decoded.images == honest.images && !honest.images.isEmpty)
    #expect(decoded.instance.tags == honest.instance.tags)
  }

  @Test(arguments: SyntheticFile.syntaxes + [deflated], named)
  func `a truncated file is rejected, whatever its header says`(_ syntax: String, _ name: String)
    throws
  {
    let folder = try TemporaryFolder()
    let path = folder.path + "/honest.dcm"
    try SyntheticFile.write(path, syntax: syntax)
    let file = try Data(contentsOf: URL(fileURLWithPath: path))
    let cut = try Self.renamed(file, to: name).dropLast(100)
    let other = try folder.file("other.dcm", Data(cut))
    #expect(throws: Rejection.self) {
      _ = try InstanceDecoder.decode(other, .init(side: 64, frames: 1))
    }
  }
}
