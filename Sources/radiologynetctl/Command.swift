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
    .simulate, .completion, .manual,
  ]

  /// Options and subcommands of the usage text, in its order.
  var keywords: [String] {
    let tokens = usage.split { !($0.isLetter && $0.isASCII) && $0 != "-" }.map(String.init)
    let known = tokens.filter { token in
      token != name && token.contains { $0 != "-" } && !token.contains { $0.isUppercase }
    }
    return known.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}

enum Help {
  static var overview: String {
    let width = Command.all.map(\.name.count).max() ?? 0
    let lines = Command.all.map { command in
      "  \(command.name.padding(to: width + 2))\(command.summary)\n"
    }.joined()
    return """
      usage: radiologynetctl [--config FILE] [--json] COMMAND [...]

      \(lines)
        --config FILE  default \(Invocation.defaultConfiguration)
        --json         print JSON instead of text
        --version      print the version

      radiologynetctl COMMAND --help shows a command's options and examples.

      """
  }

  static func of(_ command: Command) -> String {
    """
    usage: radiologynetctl \(command.usage)

    \(command.details)

    examples:
    \(command.examples.map { "  radiologynetctl \($0)\n" }.joined())
    """
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
