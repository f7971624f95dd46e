import Core
import Foundation

/// The subset of JSON Schema that `config/annotation.schema.json` uses; any other keyword is an error.
package struct JSONSchema {
  private let schema: JSON

  package init(contentsOf path: String) throws {
    schema = try JSON(
      parsing: String(decoding: Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self))
  }

  /// Violations of the schema; empty for a valid value.
  package func problems(_ value: JSON) -> [String] { Self.problems(value, schema, "$") }

  private static func problems(_ value: JSON, _ schema: JSON, _ path: String) -> [String] {
    guard case .object(let rules) = schema else { return ["\(path): a schema must be an object"] }
    return rules.flatMap { key, rule -> [String] in
      switch key {
      case "type":
        let types = rule.array?.compactMap(\.string) ?? [rule.string ?? ""]
        return types.contains { matches(value, $0) }
          ? [] : ["\(path): \(value.encoded) is no \(types)"]
      case "const": return value == rule ? [] : ["\(path): is not \(rule.encoded)"]
      case "enum":
        return rule.array?.contains(value) == true
          ? [] : ["\(path): \(value.encoded) is not listed"]
      case "pattern":
        let found = value.string?.range(of: rule.string ?? "", options: .regularExpression) != nil
        return found ? [] : ["\(path): \(value.encoded) is not like \(rule.encoded)"]
      case "required":
        return rule.array?.compactMap(\.string).filter { value[$0] == nil }.map {
          "\(path): no \($0)"
        } ?? []
      case "properties":
        guard case .object(let members) = value else { return [] }
        return members.flatMap { name, member in
          rule[name].map { problems(member, $0, "\(path).\(name)") } ?? []
        }
      case "additionalProperties":
        guard case .object(let members) = value, rule.bool == false else { return [] }
        return members.filter { schema["properties"]?[$0.key] == nil }.map {
          "\(path): unknown \($0.key)"
        }
      case "items":
        return value.array?.flatMap { problems($0, rule, path + "[]") } ?? []
      case "oneOf":
        let tried = rule.array?.map { problems(value, $0, path) } ?? []
        let best = tried.min { $0.count < $1.count } ?? []
        return tried.count(where: \.isEmpty) == 1
          ? [] : ["\(path): fits \(tried.count(where: \.isEmpty)) of oneOf"] + best
      case "$schema", "title", "description": return []
      default: return ["\(path): the test knows no \(key)"]
      }
    }
  }

  private static func matches(_ value: JSON, _ type: String) -> Bool {
    switch (value, type) {
    case (.null, "null"), (.bool, "boolean"), (.int, "integer"), (.int, "number"),
      (.double, "number"),
      (.string, "string"), (.array, "array"), (.object, "object"):
      true
    default: false
    }
  }
}
