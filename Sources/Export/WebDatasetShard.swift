import Core
import Foundation

/// A tar file in WebDataset's format: of each image `KEY.png`, `KEY.cls` (its class's index) and `KEY.json` (its line
/// of `labels.jsonl`).
struct WebDatasetShard {
  let name: String
  /// Of one split.
  let rows: ArraySlice<ExportRow>

  /// The shards of all splits, of `size` images each. Images are in the order of their keys, which is effectively
  /// random, so that a shard holds all classes. Counted are images, not bytes: shards of one number of images make
  /// steps of training that are the same on each worker.
  static func shards(_ rows: [ExportRow], size: Int) -> [WebDatasetShard] {
    ExportParameters.splits.flatMap { split in
      let rows = rows.filter { $0.split == split }.sorted {
        ($0.instanceKey, $0.image) < ($1.instanceKey, $1.image)
      }
      return stride(from: 0, to: rows.count, by: size).enumerated().map { number, start in
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
        return WebDatasetShard(
          name: "webdataset/\(split)-\(padded).tar",
          rows: rows[start..<min(start + size, rows.count)])
      }
    }
  }

  /// - Parameter image: reads an image's file.
  /// - Throws: `FileError`; what `image` throws.
  func write(to descriptor: Int32, image: (ExportRow) throws -> Data) throws {
    let archive = try ArchiveFile(descriptor, .tar, path: name)
    for row in rows {
      let key = "\(row.instanceKey)-\(row.image)"
      try archive.add(key + ".cls", Data(String(row.classIndex ?? -1).utf8))
      try archive.add(key + ".json", Data(row.json.encoded.utf8))
      try archive.add(key + ".png", try image(row))
    }
    try archive.close()
  }
}
