import Core
import Foundation
import Store

/// `store UNITS`: stores units with their study, one instance, thumbnail and annotation, 64 per transaction, and then
/// writes their log lines, in a temporary folder.
func benchStore(_ words: [String]) throws {
  guard let wanted = words.first.flatMap({ Int($0) }) else {
    throw FileError(path: "store", problem: "takes UNITS")
  }
  let folder = NSTemporaryDirectory() + "radiologynet-bench-\(getpid())"
  try makeFolder(folder)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  let store = try SQLiteStore(path: folder + "/store.sqlite")
  let log = try AnnotationLog(path: folder + "/annotations.jsonl", store: store) { _ in }
  let vector = [Float](repeating: 0.5, count: 160)
  let thumbnail = Data(repeating: 7, count: 4_800)
  let (seconds, _) = try timed {
    for batch in chunks(wanted, of: 64) {
      try store.transaction {
        for number in batch {
          // Uniformly distributed, like real keys.
          let key = SHA256Digest.hexadecimal(Data("\(number)".utf8))
          try store.saveStudy(key, accessionKey: nil)
          try store.save(
            InstanceRecord(
              instanceKey: key, seriesKey: key, digest: key, hasPixels: true, frames: 1,
              image: Array(vector.prefix(64)), tags: ["Modality": "CT", "Rows": "512"],
              bodyPart: "HEAD", decodePath: "native"), studyKey: key, bundle: "bundle")
          try store.saveThumbnail(thumbnail, unit: key, instance: key)
          var unit = UnitRecord(
            unitKey: key, studyKey: key, revision: 1, lastSequence: 0, bundle: "bundle",
            embedding: Embedding(values: vector, mask: .all), cluster: number % 50,
            windowGeneration: 1, instances: 1, frames: 1, modality: "CT", bodyPart: "HEAD",
            decodePath: "native")
          unit.lastSequence = try store.append(
            Event(.annotation, ["unit_key": .string(key), "cluster": .int(number % 50)]),
            time: timestamp())
          unit.firstSequence = unit.lastSequence
          try store.save(unit)
        }
      }
      try log.catchUp(with: store)
    }
  }
  report(["units_per_second": Double(wanted) / seconds])
}
