import Core
import Foundation

extension Command {
  static let manual = Command(
    name: "manual", summary: "print a manual page",
    usage: """
      manual radiologynetctl
      manual radiologynetd
      manual configuration FILE
      """,
    details: """
      Prints the manual page of the tool, of the daemon, or of the configuration (from FILE, the commented one that
      is shipped), for man. The package installs all three.
      """,
    examples: ["manual radiologynetctl | man -l -", "manual configuration radiologynet.toml"]
  ) { invocation in
    let words = try invocation.words(atMost: 2)
    let page =
      switch (words.first, words.dropFirst().first) {
      case ("radiologynetctl", nil): ManualPage.tool
      case ("radiologynetd", nil): ManualPage.daemon
      case ("configuration", let file?):
        ManualPage.configuration(String(decoding: try readFile(file), as: UTF8.self))
      case ("configuration", nil): throw UsageError("manual configuration takes the file")
      case (let word, _): throw invocation.unknown(word: word ?? "(none)")
      }
    print(invocation.json ? JSON.object([("page", .string(page.text))]).encoded : page.text)
  }
}

/// A page in troff's man macros. Everything is filled, so that it fits any terminal.
struct ManualPage {
  private(set) var text: String

  init(_ name: String, section: Int, summary: String) {
    // Neither hyphens nor wide gaps: options and settings stay as they are typed.
    text = """
      .TH \(name.uppercased()) \(section) "" "radiologynet \(softwareVersion)"
      .nh
      .ad l
      .SH NAME
      \(name) \\- \(Self.escaped(summary))
      """
  }

  /// Escapes what troff would interpret.
  private static func escaped(_ line: String) -> String {
    let plain = line.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
  }

  mutating func section(_ title: String) { text += "\n.SH \(title.uppercased())" }
  mutating func subsection(_ title: String) { text += "\n.SS \(Self.escaped(title))" }
  mutating func paragraph(_ words: String) { text += "\n.PP\n" + Self.escaped(words) }

  /// - Parameter terms: one, or several with one meaning.
  mutating func terms(_ terms: [String], _ meaning: String) {
    for (index, term) in terms.enumerated() {
      text +=
        "\n\(index == 0 ? ".TP" : ".TQ")\n.B \(Self.escaped(term).replacing("\"", with: "\\(dq"))"
    }
    text += "\n" + (meaning.isEmpty ? "\\&" : Self.escaped(meaning))
  }

  mutating func blocks(_ blocks: [HelpText.Block]) {
    for block in blocks {
      switch block {
      case .paragraph(let words): paragraph(words)
      case .item(let term, let meaning): terms([term], meaning)
      }
    }
  }

  /// Blocks that belong to the term before.
  mutating func nested(_ blocks: [HelpText.Block]) {
    guard !blocks.isEmpty else { return }
    text += "\n.RS"
    self.blocks(blocks)
    text += "\n.RE"
  }

  /// Lines of their own, each continued further in where it is too long.
  mutating func lines(_ lines: [String]) {
    for (index, line) in lines.enumerated() {
      text += (index == 1 ? "\n.PD 0" : "") + "\n.HP 4\n" + Self.escaped(line)
    }
    if lines.count > 1 { text += "\n.PD" }
  }

  mutating func seeAlso(_ pages: String...) {
    section("See also")
    text += "\n" + pages.map { ".BR \($0)" }.joined(separator: " ,\n")
  }

  mutating func exitStatus() {
    section("Exit status")
    paragraph("0, or one of sysexits.h:")
    for code in ExitCode.allCases where code != .ok {
      terms([String(code.rawValue)], code.meaning)
    }
  }
}
