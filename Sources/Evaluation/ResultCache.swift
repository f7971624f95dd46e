import Core
import Foundation

/// Caches results by a hash of everything they depend on, so that an interrupted experiment resumes and a repeated
/// one is quick.
final class ResultCache {
  let folder: String
  private var known: [String: [[Float]?]] = [:]

  /// - Throws: `FileError`.
  init(folder: String) throws {
    self.folder = folder
    try makeFolder(folder)
  }

  func path(_ description: String, _ suffix: String) -> String {
    "\(folder)/\(SHA256Digest.hexadecimal(Data(description.utf8)).prefix(32)).\(suffix)"
  }

  func value<Value: Codable>(_ description: String, _ make: () throws -> Value) throws -> Value {
    let file = path(description, "json")
    if let data = try? readFile(file), let known = try? JSONDecoder().decode(Value.self, from: data)
    {
      return known
    }
    let made = try make()
    try writeAtomically(JSONEncoder().encode(made), to: file)
    return made
  }

  /// Vectors by unit, `nil` where one is missing.
  func vectors(_ description: String, _ make: () throws -> [[Float]?]) throws -> [[Float]?] {
    if let vectors = known[description] { return vectors }
    let vectors = try value(description) { VectorFile(try make()) }.vectors
    known[description] = vectors
    return vectors
  }

  private struct VectorFile: Codable {
    var length: Int
    var present: [Bool]
    var values: Data

    init(_ vectors: [[Float]?]) {
      length = vectors.compactMap { $0?.count }.first ?? 0
      present = vectors.map { $0 != nil }
      values = Data(scalars: vectors.compactMap { $0 }.flatMap { $0 })
    }

    var vectors: [[Float]?] {
      let all: [Float] = values.scalars()
      var next = 0
      return present.map { isPresent in
        guard isPresent else { return nil }
        defer { next += length }
        return Array(all[next..<next + length])
      }
    }
  }
}
