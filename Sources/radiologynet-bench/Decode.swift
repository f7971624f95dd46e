import Core
import Decoding
import Foundation

/// `decode FOLDER [ROUNDS]`: what a worker does with each file, in this process on one thread: parsing alone,
/// then with the frames, by the way in which pixels are decoded.
func benchDecode(_ words: [String]) throws {
  guard let folder = words.first else {
    throw FileError(path: "decode", problem: "takes FOLDER [ROUNDS]")
  }
  let rounds = words.dropFirst().first.flatMap { Int($0) } ?? 1
  let paths = try files(below: folder)
  var parsing = 0.0
  var groups: [String: (files: Int, seconds: Double)] = [:]
  // DCMTK reads its dictionary with the first file.
  if let first = paths.first { _ = try? decode(first, frames: 3) }
  for path in (0..<rounds).flatMap({ _ in paths }) {
    let (parsed, header) = timed { try? decode(path, frames: 0) }
    guard header != nil else { continue }
    parsing += parsed
    let (seconds, instance) = timed { try? decode(path, frames: 3) }
    let name = instance?.decodePath ?? "rejected"
    groups[name, default: (0, 0)].files += 1
    groups[name, default: (0, 0)].seconds += seconds
  }
  var figures = groups.sorted { $0.key < $1.key }.map {
    (key: "\($0.key)_files_per_second", value: Double($0.value.files) / $0.value.seconds)
  }
  let total = Double(groups.values.reduce(0) { $0 + $1.files })
  figures.append(("all_files_per_second", total / groups.values.reduce(0) { $0 + $1.seconds }))
  figures.append(("parse_files_per_second", total / parsing))
  report(figures)
}

private func decode(_ path: String, frames: Int) throws(Rejection) -> DecodedInstance {
  try InstanceDecoder.decode(path, .init(side: 128, frames: frames)).instance
}

/// Every regular file below a folder, in the order of their paths.
func files(below folder: String) throws -> [String] {
  guard let names = FileManager.default.subpaths(atPath: folder) else {
    throw FileError(path: folder)
  }
  return names.map { folder + "/" + $0 }.sorted().filter {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: $0, isDirectory: &isFolder) && !isFolder.boolValue
  }
}
