import Core
import Foundation

/// `--name value` options and positional words of one command.
struct Arguments {
  private var options: [String: String] = [:]
  private(set) var words: [String] = []

  /// - Parameter names: the options of the command; each takes a value.
  /// - Throws: `UsageError`.
  init(_ arguments: [String], options names: Set<String>) throws {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--json" { continue }
      guard argument.hasPrefix("-"), argument.count > 1 else {
        words.append(argument)
        continue
      }
      guard names.contains(argument) else {
        throw UsageError("unknown option \(argument)\(Suggestion.text(argument, among: names))")
      }
      guard let value = rest.popFirst() else { throw UsageError("\(argument) needs a value") }
      options[argument] = value
    }
  }

  /// Checks that a folder to read is there and can be read.
  ///
  /// - Throws: `FileError`.
  static func check(folder path: String) throws {
    guard let folder = opendir(path) else { throw FileError(path: path) }
    closedir(folder)
  }

  func string(_ name: String) -> String? { options[name] }

  func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String, _ fallback: Choice)
    throws -> Choice
  {
    guard let text = options[name] else { return fallback }
    guard let choice = Choice(rawValue: text) else {
      let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw UsageError("\(name) takes one of \(words), not \(text)")
    }
    return choice
  }

  func number<Number: LosslessStringConvertible & Comparable>(
    _ name: String, _ fallback: Number, in range: ClosedRange<Number>
  ) throws -> Number {
    guard let text = options[name] else { return fallback }
    guard let number = Number(text), range.contains(number) else {
      throw UsageError(
        "\(name) takes a number from \(range.lowerBound) to \(range.upperBound), not \(text)")
    }
    return number
  }
}

struct UsageError: ExitingError, CustomStringConvertible {
  let description: String
  var exitCode: ExitCode { .usage }
  init(_ description: String) { self.description = description }
}
