import Core
import Foundation

/// One command: its name, its help, and what it does.
struct Command: Sendable {
  let name: String
  let summary: String
  let usage: String
  let details: String
  let examples: [String]
  let run: @Sendable (Invocation) throws -> Void

  /// In the order of the overview.
  static let all: [Command] = [
    .validate, .status, .doctor, .tail, .recluster, .rollback, .generations, .clusters, .place,
    .similar, .reviewers, .drift, .quarantine, .report, .export, .train, .evaluate, .bundle,
    .metrics, .simulate, .completion, .manual, .help,
  ]

  /// - Throws: `UsageError` with the command that was probably meant.
  static func named(_ word: String) throws -> Command {
    if let command = (all + [.candidates]).first(where: { $0.name == word }) { return command }
    guard !word.hasPrefix("-") else {
      throw UsageError(
        "unknown option \(word)\(Suggestion.text(word, among: Invocation.options)); "
          + "options of a command follow it; see radiologynetctl help")
    }
    throw UsageError(
      "unknown command \(word)\(Suggestion.text(word, among: all.map(\.name))); "
        + "see radiologynetctl help")
  }

  /// The forms of the command line, each beginning with the command's name: further lines of `usage` that don't begin
  /// with it continue the one before.
  var forms: [String] {
    usage.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .reduce(into: []) { forms, line in
        if forms.isEmpty || line == name || line.hasPrefix(name + " ") {
          forms.append(line)
        } else {
          forms[forms.count - 1] += " " + line
        }
      }
  }

  /// Options and subcommands of the usage text, in its order.
  var keywords: [String] {
    let tokens = usage.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) && $0 != "-" }
    let known = tokens.map(String.init).filter { token in
      token != name && token.contains(where: \.isLowercase) && !token.contains(where: \.isUppercase)
    }
    return known.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}

extension String {
  /// Padded with spaces on the right.
  func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
  /// Padded with spaces on the left.
  func leading(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
