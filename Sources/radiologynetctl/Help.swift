import Core

extension Command {
  static let help = Command(
    name: "help", summary: "show the commands, or one command's options and examples",
    usage: "help [COMMAND]",
    details: "The same as radiologynetctl --help and radiologynetctl COMMAND --help.",
    examples: ["help", "help recluster"]
  ) { invocation in
    let word = try invocation.words(atMost: 1).first
    print(try word.map { Help.of(try Command.named($0)) } ?? Help.overview, terminator: "")
  }
}

/// Help for a terminal of 80 columns.
enum Help {
  private static let width = 80

  static var overview: String {
    let items = Command.all.map { HelpText.Block.item(term: $0.name, meaning: $0.summary) }
    let options: [HelpText.Block] = [
      .item(term: "--config FILE", meaning: "default \(Invocation.defaultConfiguration)"),
      .item(term: "--json", meaning: "print JSON instead of text, failures too"),
      .item(term: "--version", meaning: "print the version"),
    ]
    return """
      usage: radiologynetctl [--config FILE] [--json] COMMAND [...]

      \(HelpText(items).plain(width: width))

      \(HelpText(options).plain(width: width))

      radiologynetctl help COMMAND shows a command's options and examples.

      """
  }

  static func of(_ command: Command) -> String {
    let usage = command.forms.enumerated().map { index, form in
      HelpText.wrapped(
        "radiologynetctl " + form, width: width, first: index == 0 ? "usage: " : "       ",
        rest: String(repeating: " ", count: 11))
    }
    return """
      \(usage.joined(separator: "\n"))

      \(HelpText(command.details).plain(width: width))

      examples:
      \(command.examples.map { "  radiologynetctl \($0)\n" }.joined())
      """
  }
}
