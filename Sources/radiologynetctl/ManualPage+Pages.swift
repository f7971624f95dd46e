import Core

extension ManualPage {
  static var tool: ManualPage {
    var page = ManualPage("radiologynetctl", section: 1, summary: "operate radiologynetd")
    page.section("Synopsis")
    page.lines(["radiologynetctl [--config FILE] [--json] COMMAND [...]"])
    page.section("Options")
    page.paragraph("They may stand before or after the command.")
    page.terms(
      ["--config FILE"], "The configuration; \(Invocation.defaultConfiguration) by default.")
    page.terms(
      ["--json"],
      "Print JSON instead of text, one value a line. A failure is {\"ok\": false, \"error\": …, \"exit_code\": …}."
    )
    page.terms(["--help"], "Show help; with a command, that command's.")
    page.terms(["--version"], "Print the version.")
    page.section("Commands")
    for command in Command.all {
      page.subsection("\(command.name): \(command.summary)")
      page.lines(command.forms.map { "radiologynetctl " + $0 })
      page.blocks(HelpText(command.details).blocks)
      page.paragraph("Examples:")
      page.lines(command.examples.map { "radiologynetctl " + $0 })
    }
    page.exitStatus()
    page.seeAlso("radiologynetd (8)", "radiologynet.toml (5)")
    return page
  }

  static var daemon: ManualPage {
    var page = ManualPage(
      "radiologynetd", section: 8, summary: "annotate the studies of a PACS export")
    page.section("Synopsis")
    page.lines(["radiologynetd --config FILE [--once]"])
    page.section("Description")
    page.paragraph(
      "Watches a folder of DICOM files, embeds each study with frozen models, assigns it to a cluster, and writes "
        + "an annotation of it to a log. See /usr/share/doc/radiologynet.")
    page.section("Options")
    page.blocks(HelpText(DaemonUsage.options).blocks)
    page.section("Signals")
    for (signal, effect) in DaemonUsage.signals { page.terms([signal], effect) }
    page.exitStatus()
    page.seeAlso("radiologynetctl (1)", "radiologynet.toml (5)")
    return page
  }

  /// - Parameter file: the commented configuration.
  static func configuration(_ file: String) -> ManualPage {
    var page = ManualPage(
      "radiologynet.toml", section: 5, summary: "configuration of radiologynetd")
    page.section("Description")
    page.paragraph(
      "TOML. Every key with its default; only intake.input has to be set. radiologynetctl validate checks it, and "
        + "SIGHUP makes a running daemon read it again.")
    page.section("Keys")
    for part in CommentedSettings(file).parts {
      if !part.section.isEmpty { page.subsection("[\(part.section)]") }
      for entry in part.entries {
        guard !entry.lines.isEmpty else {
          page.blocks(HelpText(entry.comment).blocks)
          continue
        }
        var blocks = HelpText(entry.comment).blocks
        var meaning = ""
        if case .paragraph(let words)? = blocks.first {
          meaning = words
          blocks.removeFirst()
        }
        page.terms(entry.lines, meaning)
        page.nested(blocks)
      }
    }
    page.seeAlso("radiologynetd (8)", "radiologynetctl (1)")
    return page
  }
}

/// A configuration file as sections of settings with the comments above them.
struct CommentedSettings {
  struct Entry: Equatable {
    /// `quiet = 60.0`: settings with one comment; none for a comment of its own.
    var lines: [String]
    var comment: String
  }

  private(set) var parts: [(section: String, entries: [Entry])] = [("", [])]

  init(_ file: String) {
    var comment: [Substring] = []
    func take() -> String {
      defer { comment = [] }
      return comment.joined(separator: "\n")
    }
    // An empty line ends the last comment.
    for line in (file + "\n").split(separator: "\n", omittingEmptySubsequences: false) {
      let setting = line.wholeMatch(of: /(?:# )?([a-z_]+ = .*)/)?.1
      if let setting {
        if comment.isEmpty, parts[parts.count - 1].entries.last?.lines.isEmpty == false {
          parts[parts.count - 1].entries[parts[parts.count - 1].entries.count - 1].lines.append(
            String(setting))
        } else {
          parts[parts.count - 1].entries.append(Entry(lines: [String(setting)], comment: take()))
        }
      } else if let section = line.wholeMatch(of: /\[([a-z_.]+)\]/)?.1 {
        parts.append((String(section), []))
      } else if line.hasPrefix("#") {
        comment.append(line.dropFirst(line.hasPrefix("# ") ? 2 : 1))
      } else if !comment.isEmpty {
        parts[parts.count - 1].entries.append(Entry(lines: [], comment: take()))
      }
    }
  }
}
