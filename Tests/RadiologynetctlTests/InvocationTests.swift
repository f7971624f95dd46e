import Testing

@testable import radiologynetctl

@Suite struct InvocationTests {
  @Test(arguments: [
    ["--config", "/c", "--json", "tail", "-f"], ["tail", "--config", "/c", "-f", "--json"],
    ["--json", "tail", "-f", "--config=/c"],
  ])
  func `the tool's options stand anywhere`(_ words: [String]) throws {
    let invocation = try Invocation(words)
    #expect(invocation.configurationPath == "/c" && invocation.command.name == "tail")
    #expect(invocation.json && invocation.arguments == ["-f"])
  }

  @Test func `options before and after the command are the tool's and the command's`() throws {
    let invocation = try Invocation(["--config", "/c", "tail", "--follow", "--json"])
    #expect(invocation.configurationPath == "/c" && invocation.command.name == "tail")
    #expect(invocation.json && invocation.arguments == ["--follow"])
  }

  @Test(arguments: [
    ["no-such-command"], ["--config"], ["status", "--config"], ["--no-such-option"],
  ])
  func `what can't be understood is refused`(_ words: [String]) {
    #expect(throws: UsageError.self) { try Invocation(words) }
  }

  @Test func `unknown options and too many words are refused, known ones are not`() throws {
    let invocation = try Invocation(["clusters", "--x", "a", "b"])
    #expect(throws: UsageError.self) { try invocation.words(atMost: 2) }
    #expect(throws: UsageError.self) { try invocation.words(atMost: 1, flags: ["--x"]) }
    #expect(try invocation.words(atMost: 2, flags: ["--x"]) == ["a", "b"] && invocation.has("--x"))
  }

  @Test func `every command has a name of its own and a help that names it`() {
    let names = Command.all.map(\.name)
    #expect(Set(names).count == names.count)
    for command in Command.all {
      #expect(Help.of(command).contains(command.name))
      #expect(Help.overview.contains(command.name))
    }
  }
}
