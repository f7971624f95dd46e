import Core
import Foundation
import TestSupport
import Testing

@testable import Decoding

@Suite struct ContentDigestTests {
  @Test func `digests are XXH3's`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a"
    let cases = try golden("digests", in: .module)["cases"]?.array ?? []
    #expect(!cases.isEmpty)
    for item in cases {
      let length = try #require(item["length"]?.int)
      try Data((0..<length).map { UInt8($0 * 31 % 251) }).write(to: URL(filePath: path))
      #expect(try ContentDigest.of(file: path) == item["digest"]?.string, "\(length) bytes")
    }
  }

  @Test func `a folder and a missing file have none`() throws {
    let folder = try TemporaryFolder()
    for path in [folder.path, folder.path + "/none"] {
      #expect(throws: FileError.self) { try ContentDigest.of(file: path) }
    }
  }
}
