import Testing

@testable import radiologynetctl

@Suite struct HelpTextTests {
  @Test func `paragraphs are filled, terms have columns, and deeper lines continue them`() {
    let text = HelpText(
      """
      One sentence
      goes on.

        --short  what it does,
                 on two lines
        --a-very-long-option-indeed
                 its meaning
      After the list.
      """)
    #expect(
      text.blocks == [
        .paragraph("One sentence goes on."),
        .item(term: "--short", meaning: "what it does, on two lines"),
        .item(term: "--a-very-long-option-indeed", meaning: "its meaning"),
        .paragraph("After the list."),
      ])
    #expect(
      text.plain(width: 40)
        == """
        One sentence goes on.

          --short       what it does, on two
                        lines
          --a-very-long-option-indeed
                        its meaning

        After the list.
        """)
  }

  @Test(arguments: Command.all.map(\.name)) func `help fits 80 columns`(_ name: String) throws {
    let command = try Command.named(name)
    let text = Help.of(command)
    // Examples are to be copied, and stay on one line.
    let lines = text.split(separator: "\n").prefix { $0 != "examples:" }
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(text)")
    #expect(!command.keywords.isEmpty || command.forms == [command.usage])
  }

  @Test func `the overview fits 80 columns and names every command`() {
    #expect(Help.overview.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(Command.all.allSatisfy { Help.overview.contains("\n  \($0.name) ") })
    #expect(!Help.overview.contains("candidates"))
  }

  @Test func `settings keep the comment above them, and those that follow share it`() {
    let settings = CommentedSettings(
      """
      # About the file.

      # What is annotated.
      unit = "study"

      [intake]
      # Seconds.
      quiet = 60.0
      max_open = 14400.0
      # From systemd.
      # directory = "/var"
      """)
    #expect(settings.parts.map(\.section) == ["", "intake"])
    #expect(
      settings.parts[0].entries == [
        .init(lines: [], comment: "About the file."),
        .init(lines: ["unit = \"study\""], comment: "What is annotated."),
      ])
    #expect(
      settings.parts[1].entries == [
        .init(lines: ["quiet = 60.0", "max_open = 14400.0"], comment: "Seconds."),
        .init(lines: ["directory = \"/var\""], comment: "From systemd."),
      ])
  }
}
