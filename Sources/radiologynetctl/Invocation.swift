import Core
import Foundation

/// The command line. The tool's own options may stand before or after the command.
struct Invocation {
  static let defaultConfiguration = "/etc/radiologynet/radiologynet.toml"
  /// Options of every command.
  static let options = ["--config", "--json", "--help", "--version"]

  private(set) var configurationPath = Invocation.defaultConfiguration
  private(set) var json = false
  let command: Command
  /// The command's own arguments.
  let arguments: [String]

  /// - Parameter words: `--option=value` counts as `--option value`.
  /// - Throws: `UsageError`. Prints help or the version and exits when that is requested.
  init(_ words: [String]) throws {
    var (command, own, wantsHelp) = (Command?.none, [String](), false)
    var rest = words.flatMap(Self.split)[...]
    while let word = rest.popFirst() {
      switch word {
      case "--config":
        guard let path = rest.popFirst() else { throw UsageError("--config needs a file") }
        configurationPath = path
      case "--json": json = true
      case "--help", "-h": wantsHelp = true
      case "--version":
        print("radiologynetctl \(softwareVersion)")
        exit(ExitCode.ok.rawValue)
      default:
        if command == nil {
          command = try Command.named(word)
        } else {
          own.append(word)
        }
      }
    }
    if wantsHelp {
      print(command.map(Help.of) ?? Help.overview, terminator: "")
      exit(ExitCode.ok.rawValue)
    }
    guard let command else {
      FileHandle.standardError.write(Data(Help.overview.utf8))
      exit(ExitCode.usage.rawValue)
    }
    (self.command, arguments) = (command, own)
  }

  private static func split(_ word: String) -> [String] {
    guard word.hasPrefix("--"), let sign = word.firstIndex(of: "="),
      word[..<sign].allSatisfy({ $0 == "-" || $0.isLetter })
    else { return [word] }
    return [String(word[..<sign]), String(word[word.index(after: sign)...])]
  }

  func configuration() throws -> Configuration { try Configuration(contentsOf: configurationPath) }

  /// Checks that there are only known flags and at most `count` words.
  ///
  /// - Returns: the words that are not flags.
  /// - Throws: `UsageError`.
  func words(atMost count: Int, flags: Set<String> = []) throws -> [String] {
    for argument in arguments where argument.hasPrefix("-") && !flags.contains(argument) {
      throw unknown(option: argument)
    }
    let words = arguments.filter { !$0.hasPrefix("-") }
    guard words.count <= count else { throw UsageError("\(command.name): too many arguments") }
    return words
  }

  /// An option that the command doesn't have.
  func unknown(option: String) -> UsageError {
    let known = command.keywords.filter { $0.hasPrefix("-") } + Self.options
    return UsageError(
      "\(command.name): unknown option \(option)\(Suggestion.text(option, among: known)); "
        + "see radiologynetctl help \(command.name)")
  }

  /// A word in the place of a subcommand that the command doesn't have.
  func unknown(word: String) -> UsageError {
    let known = command.keywords.filter { !$0.hasPrefix("-") }
    return UsageError(
      "\(command.name): unknown word \(word)\(Suggestion.text(word, among: known)); "
        + "see radiologynetctl help \(command.name)")
  }

  func has(_ flag: String) -> Bool { arguments.contains(flag) }
}

struct UsageError: ExitingError, CustomStringConvertible {
  let description: String
  var exitCode: ExitCode { .usage }
  init(_ description: String) { self.description = description }
}

/// A command failed.
struct CommandError: ExitingError, CustomStringConvertible {
  let description: String
  let exitCode: ExitCode
  init(_ description: String, _ code: ExitCode) {
    self.description = description
    exitCode = code
  }
}

extension JSON {
  /// Returns the answer if it is good, else throws the daemon's message as a `CommandError`.
  func checked() throws -> JSON {
    guard self["ok"]?.bool == true else {
      let code = self["exit_code"]?.int.flatMap { ExitCode(rawValue: Int32(clamping: $0)) }
      throw CommandError(
        self["error"]?.string ?? "unexpected answer of radiologynetd", code ?? .temporaryFailure)
    }
    return self
  }
}
