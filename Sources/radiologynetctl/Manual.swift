import Core
import Foundation

extension Command {
  static let manual = Command(
    name: "manual", summary: "print a manual page",
    usage: "manual radiologynetctl | manual radiologynetd | manual configuration FILE",
    details: """
      Prints the manual page of the tool, of the daemon, or of the configuration (from FILE, the commented one that
      is shipped), for man. The package installs all three.
      """,
    examples: ["manual radiologynetctl | man -l -", "manual configuration radiologynet.toml"]
  ) { invocation in
    let words = try invocation.words(atMost: 2)
    switch (words.first, words.dropFirst().first) {
    case ("radiologynetctl", nil): print(ManualPage.tool.text)
    case ("radiologynetd", nil): print(ManualPage.daemon.text)
    case ("configuration", let file?):
      print(ManualPage.configuration(String(decoding: try readFile(file), as: UTF8.self)).text)
    default: throw UsageError("manual: unknown page; see radiologynetctl manual --help")
    }
  }
}

/// A page in troff's man macros.
struct ManualPage {
  private(set) var text: String

  private init(_ name: String, section: Int, summary: String) {
    text = """
      .TH \(name.uppercased()) \(section) "" "radiologynet \(softwareVersion)"
      .SH NAME
      \(name) \\- \(Self.escaped(summary))
      """
  }

  /// Escapes what troff would interpret.
  private static func escaped(_ line: String) -> String {
    let plain = line.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
  }

  private mutating func section(_ title: String) { text += "\n.SH \(title.uppercased())" }

  private mutating func paragraph(_ words: String) { text += "\n.PP\n" + Self.escaped(words) }

  private mutating func term(_ term: String, _ meaning: String) {
    text += "\n.TP\n.B \(Self.escaped(term))\n\(Self.escaped(meaning))"
  }

  /// Lines without filling.
  private mutating func verbatim(_ lines: String) {
    text +=
      "\n.PP\n.nf\n"
      + lines.split(separator: "\n", omittingEmptySubsequences: false)
      .map { Self.escaped(String($0)) }.joined(separator: "\n") + "\n.fi"
  }

  static var tool: ManualPage {
    var page = ManualPage("radiologynetctl", section: 1, summary: "operate radiologynetd")
    page.section("Synopsis")
    page.verbatim("radiologynetctl [--config FILE] [--json] COMMAND [...]")
    page.section("Options")
    page.term("--config FILE", "The configuration; \(Invocation.defaultConfiguration) by default.")
    page.term("--json", "Print JSON instead of text, one value a line.")
    page.term("--help", "Show help; after a command, that command's.")
    page.term("--version", "Print the version.")
    page.section("Commands")
    for command in Command.all {
      page.text += "\n.SS \(escaped(command.name)): \(escaped(command.summary))"
      page.verbatim("radiologynetctl " + command.usage)
      page.verbatim(command.details)
      page.verbatim(command.examples.map { "    radiologynetctl \($0)" }.joined(separator: "\n"))
    }
    page.exitStatus()
    page.text += "\n.SH SEE ALSO\n.BR radiologynetd (8),\n.BR radiologynet.toml (5)"
    return page
  }

  static var daemon: ManualPage {
    var page = ManualPage(
      "radiologynetd", section: 8, summary: "annotate the studies of a PACS export")
    page.section("Synopsis")
    page.verbatim("radiologynetd --config FILE [--once]")
    page.section("Description")
    page.paragraph(
      "Watches a folder of DICOM files, embeds each study with frozen models, assigns it to a cluster, and writes "
        + "an annotation of it to a log. See /usr/share/doc/radiologynet.")
    page.section("Options")
    page.verbatim(DaemonUsage.options)
    page.section("Signals")
    for (signal, effect) in DaemonUsage.signals { page.term(signal, effect) }
    page.exitStatus()
    page.text += "\n.SH SEE ALSO\n.BR radiologynetctl (1),\n.BR radiologynet.toml (5)"
    return page
  }

  static func configuration(_ file: String) -> ManualPage {
    var page = ManualPage(
      "radiologynet.toml", section: 5, summary: "configuration of radiologynetd")
    page.section("Description")
    page.paragraph(
      "TOML. Every key with its default; only intake.input has to be set. radiologynetctl validate checks it, and "
        + "SIGHUP makes a running daemon read it again.")
    page.section("Keys")
    page.verbatim(file)
    page.text += "\n.SH SEE ALSO\n.BR radiologynetd (8),\n.BR radiologynetctl (1)"
    return page
  }

  private mutating func exitStatus() {
    section("Exit status")
    paragraph("0, or one of sysexits.h:")
    for code in ExitCode.allCases where code != .ok {
      term(String(code.rawValue), code.meaning)
    }
  }
}
