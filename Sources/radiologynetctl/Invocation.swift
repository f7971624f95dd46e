import Core
import Foundation

/// The command line: options before the command are the tool's, those after it the command's.
struct Invocation {
  static let defaultConfiguration = "/etc/radiologynet/radiologynet.toml"

  var configurationPath = Invocation.defaultConfiguration
  var json = false
  let command: Command
  /// The command's own words, as they were given.
  let arguments: [String]

  /// - Throws: `UsageError`; prints help and exits where that is asked for.
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

  /// Checks that only known flags and at most `words` words were given.
  ///
  /// - Returns: the words that are no flags.
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

/// A command could not do what it was asked to.
struct CommandError: Error, CustomStringConvertible {
  let description: String
  let code: ExitCode
  init(_ description: String, _ code: ExitCode) {
    self.description = description
    self.code = code
  }
}

extension JSON {
  /// Throws the daemon's own words unless its answer is good.
  func checked() throws -> JSON {
    guard self["ok"]?.bool == true else {
      throw CommandError(
        self["error"]?.string ?? "unexpected answer of radiologynetd", .temporaryFailure)
    }
    return self
  }
}
