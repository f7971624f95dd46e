import Core
import Foundation
import Store

extension Command {
  /// Words for a shell's completion: what the store holds. Not in the help.
  static let candidates = Command(
    name: "candidates", summary: "words for a shell's completion",
    usage: "candidates clusters|generations|bundles|quarantine",
    details: "Prints what the shell may complete, one a line.", examples: ["candidates clusters"]
  ) { invocation in
    let kind = try invocation.words(atMost: 1).first ?? ""
    let configuration = try invocation.configuration()
    func store() throws -> any Store { try configuration.state.storeLocation.open(readOnly: true) }
    let words: [String]
    switch kind {
    case "clusters":
      words = try store().clusters().filter { $0.retired == nil }.map { ClusterRecord.label($0.id) }
    case "generations": words = try store().generations().map { String($0.number) }
    case "bundles": words = try BundleFolder.all(configuration).map(\.hash)
    case "quarantine": words = try store().quarantined().map(\.pathKey)
    default: throw invocation.unknown(word: kind)
    }
    print(words.joined(separator: "\n"))
  }

  /// What the arguments of a command may be, by the kind of `candidates`.
  var completedFromStore: String? {
    switch name {
    case "clusters", "place", "similar": "clusters"
    case "rollback": "generations"
    case "bundle": "bundles"
    case "quarantine": "quarantine"
    default: nil
    }
  }
}
