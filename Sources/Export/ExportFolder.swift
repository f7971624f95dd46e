import Core
import Foundation
import Synchronization

/// The folder of an export: what is in it already, and what a run that was interrupted left.
final class ExportFolder: Sendable {
  let path: String
  /// By instance: rows of the last export, or of one that was interrupted.
  let known: [String: [ExportRow]]
  private let journal: Mutex<FileHandle>
  private static let started = "export.json"
  private static let progress = "progress.jsonl"

  /// - Throws: `FileError` when the folder holds something else, or an export with other parameters.
  init(_ path: String, _ parameters: ExportParameters) throws {
    self.path = path
    try makeFolder(path)
    let content = try FileManager.default.contentsOfDirectory(atPath: path)
    let marker = path + "/" + Self.started
    if content.contains(Self.started) {
      let before = try JSON(parsing: String(decoding: try readFile(marker), as: UTF8.self))
      // Reading has put the keys in order.
      guard before == (try JSON(parsing: parameters.signature.encoded)) else {
        throw FileError(
          path: path,
          problem:
            "holds an export with \(before.encoded): give another folder, or the same options")
      }
    } else if content.isEmpty {
      try writeAtomically(Data(parameters.signature.encoded.utf8), to: marker)
    } else {
      throw FileError(path: path, problem: "is not empty and holds no export: give another folder")
    }
    var known: [String: [ExportRow]] = [:]
    for name in ["labels.jsonl", Self.progress] {
      var rows: [String: [ExportRow]] = [:]
      for line in (try? readFile(path + "/" + name))?.split(separator: UInt8(ascii: "\n")) ?? [] {
        // The last line of a run that was killed may be cut off.
        guard let row = try? JSONDecoder().decode(ExportRow.self, from: Data(line)) else {
          continue
        }
        rows[row.instanceKey, default: []].append(row)
      }
      known.merge(rows) { $1 }
    }
    self.known = known
    let log = path + "/" + Self.progress
    if !FileManager.default.fileExists(atPath: log) {
      try writeAtomically(Data(), to: log)
    }
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
    try handle.seekToEnd()
    journal = Mutex(handle)
  }

  /// Remembers images that are there now, whatever becomes of this run.
  func note(_ rows: [ExportRow]) throws {
    let text = try rows.map(Self.line).joined()
    // A cut-off line before it ends here.
    try journal.withLock { try $0.write(contentsOf: Data(("\n" + text).utf8)) }
  }

  private static func line(_ row: ExportRow) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(row), as: UTF8.self) + "\n"
  }

  func write(_ data: Data, _ relative: String) throws {
    let target = path + "/" + relative
    try makeFolder((target as NSString).deletingLastPathComponent)
    try data.write(to: URL(fileURLWithPath: target), options: .atomic)
  }

  func has(_ relative: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/" + relative)
  }

  func move(_ from: String, to: String) throws {
    try makeFolder((path + "/" + to as NSString).deletingLastPathComponent)
    guard rename(path + "/" + from, path + "/" + to) == 0 else {
      throw FileError(path: path + "/" + to)
    }
  }

  /// Tables, checksums and texts that belong to the rows; images of no row are removed.
  func finish(_ rows: [ExportRow], manifest: JSON, datasheet: String) throws {
    let kept = Set(rows.map(\.file))
    for split in ExportParameters.splits {
      let folder = path + "/" + split
      let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
      for name in names where name.hasSuffix(".png") && !kept.contains(split + "/" + name) {
        try FileManager.default.removeItem(atPath: folder + "/" + name)
      }
      // A class without images is none.
      for name in names where !name.contains("/") { rmdir(folder + "/" + name) }
    }
    try write(Data(try rows.map(Self.line).joined().utf8), "labels.jsonl")
    let table = ([ExportRow.csvHead] + rows.map(\.csv)).map { $0 + "\n" }.joined()
    try write(Data(table.utf8), "labels.csv")
    try write(Data((manifest.encoded + "\n").utf8), "manifest.json")
    try write(Data(datasheet.utf8), "README.md")
    var sums = rows.compactMap { row in row.sha256.map { "\($0)  \(row.file)\n" } }
    for name in ["labels.csv", "labels.jsonl", "manifest.json", "README.md"] {
      sums.append("\(SHA256Digest.hexadecimal(try readFile(path + "/" + name)))  \(name)\n")
    }
    try write(Data(sums.joined().utf8), "SHA256SUMS")
    try FileManager.default.removeItem(atPath: path + "/" + Self.progress)
  }
}
