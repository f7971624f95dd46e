import Core
import Foundation
import TestSupport
import Testing

@testable import Export

@Suite struct WebDatasetShardTests {
  private static let rows = (0..<7).map { number in
    ExportRow.made(split: number < 5 ? "train" : "test", instance: "i\(number * 3 % 7)")
  }

  @Test func `each split has shards of its own, in order of instance`() {
    let shards = WebDatasetShard.shards(Self.rows, size: 2)
    #expect(
      shards.map(\.name) == [
        "webdataset/train-000000.tar", "webdataset/train-000001.tar", "webdataset/train-000002.tar",
        "webdataset/test-000000.tar",
      ])
    #expect(shards.map(\.rows.count) == [2, 2, 1, 2])
    let keys = shards[..<3].flatMap { $0.rows.map(\.instanceKey) }
    #expect(keys == keys.sorted())
  }

  @Test func `a shard holds image, class and labels of each row`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.tar", "")
    let handle = try #require(FileHandle(forWritingAtPath: path))
    let shard = WebDatasetShard.shards(Self.rows, size: 2)[3]
    try shard.write(to: handle.fileDescriptor) { Data($0.instanceKey.utf8) }
    let tar = Tool("/usr/bin/env")
    let keys = shard.rows.map { $0.instanceKey + "-1" }
    let names = try tar.run(["tar", "tf", path]).output.split(separator: "\n").map(String.init)
    let wanted = keys.flatMap { key in [".cls", ".json", ".png"].map { key + $0 } }
    #expect(names == wanted)
    #expect(
      try tar.run(["tar", "xOf", path, keys[0] + ".png"]).output == shard.rows.first?.instanceKey)
    let json = try tar.run(["tar", "xOf", path, keys[0] + ".json"]).output
    #expect(json == shard.rows.first?.json.encoded)
  }
}
