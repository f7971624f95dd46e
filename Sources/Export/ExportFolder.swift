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
  private static let sums = "SHA256SUMS"

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
    let text = rows.map { $0.json.encoded + "\n" }.joined()
    // The leading newline ends a truncated line.
    try journal.withLock { try $0.write(contentsOf: Data(("\n" + text).utf8)) }
  }

  func write(_ data: Data, _ relative: String) throws { try output.write(data, relative) }

  func read(_ relative: String) throws -> Data? { try output.read(relative) }

  func has(_ relative: String) -> Bool { output.has(relative) }

  func move(_ from: String, to: String) throws { try output.move(from, to: to) }

  /// Writes a file.
  ///
  /// - Returns: its SHA-256.
  func write(_ file: ExportFile) throws -> String {
    var digest = ""
    try output.write(file.name) { descriptor in
      try file.fill(descriptor)
      digest = try SHA256Digest.hexadecimal(file: "/proc/self/fd/\(descriptor)")
    }
    return digest
  }

  /// Removes images without a row and files of an earlier run, writes the files of the export and their checksums.
  ///
  /// - Parameter description: the file that needs the digests of the others, by name.
  func finish(
    _ rows: [ExportRow], _ files: [ExportFile],
    description: (name: String, data: ([String: String]) -> Data)
  ) throws {
    let names =
      files.map(\.name) + [description.name, Self.started, Self.progress, Self.sums]
    let wanted = Set(rows.map(\.file)).union(names)
    try output.keepOnly(wanted)
    var digests: [String: String] = [:]
    for file in files { digests[file.name] = try write(file) }
    let described = description.data(digests)
    digests[description.name] = try write(ExportFile(description.name, described))
    var sums = rows.compactMap { row in row.sha256.map { "\($0)  \(row.file)\n" } }
    sums += digests.sorted { $0.key < $1.key }.map { "\($0.value)  \($0.key)\n" }
    try output.write(Data(sums.joined().utf8), Self.sums)
    output.sync()
    try output.keepOnly(wanted.subtracting([Self.progress]))
  }
}
