import Core
import Foundation
import TestSupport
import Testing

@testable import Decoding

@Suite struct ContentDigestTests {
  @Test func `digests match XXH3's`() throws {
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

  @Test func `digest and pictures are the same whether the file is held in memory or not`() throws {
    let folder = try TemporaryFolder()
    var pictures: [[GreyImage]] = []
    // The middles of three thirds are sampled, which are equal frames here; 33.6 MB are read in pieces.
    for frames in [3, 4_101] {
      let path = folder.path + "/\(frames)"
      let pixels = (0..<frames).flatMap { frame in
        let third = UInt16(3 * frame / frames)
        return (0..<64 * 64).map { UInt16($0 % 64) << third }
      }
      try SyntheticFile.write(path, changes: [0x0028_0008: String(frames)], pixels: pixels)
      let (instance, images) = try InstanceDecoder.decode(path, .init(side: 32, frames: 3))
      #expect(try instance.digest == ContentDigest.of(file: path))
      #expect(Set(images.map(\.pixels)).count == 1 && images.count == 3)
      pictures.append(images)
    }
    #expect(pictures[0] == pictures[1])
  }

  @Test func `a folder and a missing file have no digest`() throws {
    let folder = try TemporaryFolder()
    for path in [folder.path, folder.path + "/none"] {
      #expect(throws: FileError.self) { try ContentDigest.of(file: path) }
    }
  }
}
