import Core
import Foundation
import Store

extension Command {
  static let similar = Command(
    name: "similar", summary: "the studies most like one, and near-duplicates",
    usage: """
      similar STUDY [-n N] [--block image|tags|text]
      similar --duplicates
      """,
    details: """
      Lists the units nearest to STUDY by the fused vector, over the blocks that both have. STUDY is the key of a unit or
      a study, as tail shows it, or its beginning; or the path of an annotated image's file. A running daemon answers at
      once from memory; without one the store is read.

        -n N          how many (20), at most 1000
        --block NAME  compare only image, tags or text
        --duplicates  instead: all groups of units that show the same picture, or nearly: sent again, saved with
                      loss, cropped a little, at another size or with another window
      """,
    examples: ["similar 4fb202cc4ec2", "similar 4fb2 -n 5 --block image", "similar --duplicates"]
  ) { invocation in
    var words: [String] = []
    var options: [String: String] = [:]
    var rest = invocation.arguments[...]
    while let word = rest.popFirst() {
      switch word {
      case "-n", "--block":
        guard let value = rest.popFirst() else { throw UsageError("\(word) needs a value") }
        options[word] = value
      case "--duplicates": options[word] = ""
      case _ where word.hasPrefix("-"):
        throw invocation.unknown(option: word)
      default: words.append(word)
      }
    }
    if options["--duplicates"] != nil {
      guard words.isEmpty, options.count == 1 else {
        throw UsageError("similar --duplicates takes nothing else")
      }
      return try handOver("similar", ["--duplicates", "yes"], invocation)
    }
    guard words.count == 1 else { throw UsageError("similar takes the key of one study") }
    guard let count = Int(options["-n"] ?? "20"), 1...1_000 ~= count else {
      throw UsageError("-n takes a number from 1 to 1000")
    }
    let block = options["--block"]
    let blocks = Block.allCases.map(\.name)
    guard block.map(blocks.contains) ?? true else {
      throw UsageError("--block takes one of \(blocks.joined(separator: ", "))")
    }
    let configuration = try invocation.configuration()
    let unit = words[0].contains("/") ? try unit(ofFile: words[0], configuration) : words[0]
    guard ControlSocket.isServed(configuration.state.socket) else {
      return try handOver(
        "similar",
        [unit, "--count", "\(count)"] + (block.map { ["--block", $0] } ?? []), invocation)
    }
    // The first answer waits for all vectors to be read.
    let answer = try ControlSocket.ask(
      configuration.state.socket,
      [
        "version": .int(ControlSocket.version), "command": "similar", "unit": .string(unit),
        "count": .int(count), "block": .optional(block),
      ], timeout: 300
    ).checked()
    print(invocation.json ? answer.encoded : SimilarUnits.text(answer))
  }

  /// The unit of an annotated image's file.
  private static func unit(ofFile path: String, _ configuration: Configuration) throws -> String {
    let store = try configuration.state.storeLocation.open(readOnly: true)
    let keys = try SiteKey.load(
      stateDirectory: configuration.state.directory, file: configuration.siteKey, create: false)
    let whole = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    guard
      let found = try store.exportCandidate(pathKey: keys.key(whole.filePath))
    else {
      throw CommandError(
        "\(path): no annotated image is from this file; give its path below \(configuration.intake.input)",
        .data)
    }
    return found.unitKey
  }
}
