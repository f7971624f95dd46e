import Core
import Foundation

/// The command line: options before the command belong to the tool, those after it to the command.
struct Invocation {
  static let defaultConfiguration = "/etc/radiologynet/radiologynet.toml"

  var configurationPath = Invocation.defaultConfiguration
  var json = false
  let command: Command
  /// The command's own arguments, without `--json`.
  let arguments: [String]

  /// - Throws: `UsageError`. Prints help and exits when that is requested.
  init(_ words: [String]) throws {
    var rest = words[...]
    while let word = rest.popFirst() {
      switch word {
      case "--config":
        guard let path = rest.popFirst() else { throw UsageError("--config needs a file") }
        configurationPath = path
      case "--json": json = true
      case "--help", "-h":
        print(Help.overview, terminator: "")
        exit(ExitCode.ok.rawValue)
      case "--version":
        print("radiologynetctl \(softwareVersion)")
        exit(ExitCode.ok.rawValue)
      default:
        guard let command = Command.all.first(where: { $0.name == word }) else {
          throw UsageError("unknown command \(word); see radiologynetctl --help")
        }
        if rest.contains("--help") || rest.contains("-h") {
          print(Help.of(command), terminator: "")
          exit(ExitCode.ok.rawValue)
        }
        self.command = command
        arguments = rest.filter { $0 != "--json" }
        json = json || rest.contains("--json")
        return
      }
    }
    FileHandle.standardError.write(Data(Help.overview.utf8))
    exit(ExitCode.usage.rawValue)
  }

  func configuration() throws -> Configuration { try Configuration(contentsOf: configurationPath) }

  /// Checks that there are only known flags and at most `count` words.
  ///
  /// - Returns: the words that are not flags.
  /// - Throws: `UsageError`.
  func words(atMost count: Int, flags: Set<String> = []) throws -> [String] {
    for argument in arguments where argument.hasPrefix("-") && !flags.contains(argument) {
      throw UsageError(
        "\(command.name): unknown option \(argument); see radiologynetctl \(command.name) --help")
    }
    let words = arguments.filter { !$0.hasPrefix("-") }
    guard words.count <= count else { throw UsageError("\(command.name): too many arguments") }
    return words
  }

  func has(_ flag: String) -> Bool { arguments.contains(flag) }
}

struct UsageError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A command failed.
struct CommandError: Error, CustomStringConvertible {
  let description: String
  let code: ExitCode
  init(_ description: String, _ code: ExitCode) {
    self.description = description
    self.code = code
  }
}

extension JSON {
  /// Returns the answer if it is good, else throws the daemon's message as a `CommandError`.
  func checked() throws -> JSON {
    guard self["ok"]?.bool == true else {
      throw CommandError(
        self["error"]?.string ?? "unexpected answer of radiologynetd", .temporaryFailure)
    }
    return self
  }
}
