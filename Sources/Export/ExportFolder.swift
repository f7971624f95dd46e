import Core
import Foundation
import Synchronization

/// The folder of an export: its content so far and the progress of an interrupted run.
final class ExportFolder: Sendable {
  /// Rows by instance key, from the last export or an interrupted one.
  let known: [String: [ExportRow]]
  private let output: OutputFolder
  private let journal: Mutex<FileHandle>
  private static let started = "export.json"
  private static let progress = "progress.jsonl"
  private static let tables = ["labels.csv", "labels.jsonl", "manifest.json", "README.md"]

  /// - Throws: `FileError` when the folder holds something else, or an export with other parameters.
  init(_ path: String, _ parameters: ExportParameters, apartFrom configuration: Configuration)
    throws
  {
    output = try OutputFolder(path, .export, apartFrom: configuration)
    if let started = try output.read(Self.started) {
      let before = try JSON(parsing: String(decoding: started, as: UTF8.self))
      // Parsing sorts the keys, so both sides are parsed.
      guard before == (try JSON(parsing: parameters.signature.encoded)) else {
        throw FileError(
          path: path,
          problem:
            "holds an export with \(before.encoded): give another folder, or the same options",
          exitCode: .cannotCreate)
      }
    } else {
      try output.write(Data(parameters.signature.encoded.utf8), Self.started)
    }
    var known: [String: [ExportRow]] = [:]
    for name in ["labels.jsonl", Self.progress] {
      var rows: [String: [ExportRow]] = [:]
      for line in try output.read(name)?.split(separator: UInt8(ascii: "\n")) ?? [] {
        // A killed run may leave a truncated last line.
        guard let row = try? JSONDecoder().decode(ExportRow.self, from: Data(line)) else {
          continue
        }
        rows[row.instanceKey, default: []].append(row)
      }
      known.merge(rows) { $1 }
    }
    self.known = known
    journal = Mutex(try output.appending(Self.progress))
  }

  /// Records finished images, so that a later run keeps them even if this one fails.
  func note(_ rows: [ExportRow]) throws {
    let text = try rows.map(Self.line).joined()
    // The leading newline ends a truncated line.
    try journal.withLock { try $0.write(contentsOf: Data(("\n" + text).utf8)) }
  }

  private static func line(_ row: ExportRow) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(row), as: UTF8.self) + "\n"
  }

  func write(_ data: Data, _ relative: String) throws { try output.write(data, relative) }

  func has(_ relative: String) -> Bool { output.has(relative) }

  func move(_ from: String, to: String) throws { try output.move(from, to: to) }

  /// Writes tables, checksums and texts for the rows; removes images without a row.
  func finish(_ rows: [ExportRow], manifest: JSON, datasheet: String) throws {
    let texts = Self.tables + [Self.started, Self.progress, "SHA256SUMS"]
    try output.keepOnly(Set(rows.map(\.file)).union(texts))
    let labels = try rows.map(Self.line).joined()
    let table = ([ExportRow.csvHead] + rows.map(\.csv)).map { $0 + "\n" }.joined()
    var sums = rows.compactMap { row in row.sha256.map { "\($0)  \(row.file)\n" } }
    for (name, text) in zip(Self.tables, [table, labels, manifest.encoded + "\n", datasheet]) {
      let data = Data(text.utf8)
      try output.write(data, name)
      sums.append("\(SHA256Digest.hexadecimal(data))  \(name)\n")
    }
    try output.write(Data(sums.joined().utf8), "SHA256SUMS")
    output.sync()
    try output.keepOnly(Set(rows.map(\.file)).union(texts).subtracting([Self.progress]))
  }
}
