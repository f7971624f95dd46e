internal import CTOML
import Foundation

/// A parsed TOML file with the line of each key.
package struct TOMLDocument: Sendable {
  package let path: String
  package let values: JSON
  private let lines: [String: Int]

  /// - Throws: `FileError` when the file can't be read, `ConfigurationError` when it is not TOML.
  package init(path: String) throws {
    try self.init(text: String(decoding: readFile(path), as: UTF8.self), path: path)
  }

  /// - Throws: `ConfigurationError` naming the line.
  package init(text: String, path: String) throws {
    var json: UnsafeMutablePointer<CChar>?
    let line = ctoml_to_json(text, &json)
    defer { ctoml_free(json) }
    let result = json.map { String(cString: $0) } ?? "out of memory"
    guard line == 0 else {
      throw ConfigurationError(problems: ["\(path):\(line): not valid TOML: \(result)"])
    }
    let document = try JSON(parsing: result)
    self.path = path
    self.values = document["values"] ?? .object([])
    var lines: [String: Int] = [:]
    if case .object(let members) = document["lines"] ?? .null {
      for member in members { lines[member.key] = member.value.int }
    }
    self.lines = lines
  }

  /// "file:line: key: what is wrong".
  package func problem(_ key: String, _ text: String) -> String {
    lines[key].map { "\(path):\($0): \(key): \(text)" } ?? "\(path): \(key): \(text)"
  }

  /// The value at a dotted key.
  package func value(at key: String) -> JSON? {
    key.split(separator: ".").reduce(values as JSON?) { $0?[String($1)] }
  }

  /// Every dotted key of the file, in the order of their lines.
  package var keys: [String] { lines.keys.sorted { (lines[$0] ?? 0, $0) < (lines[$1] ?? 0, $1) } }
}

/// All problems of a configuration, one per line.
package struct ConfigurationError: ExitingError, CustomStringConvertible {
  package let problems: [String]
  package var exitCode: ExitCode { .configuration }

  package init(problems: [String]) { self.problems = problems }
  package var description: String { problems.joined(separator: "\n") }
}
