import Core
import Foundation
import Store

extension Command {
  static let quarantine = Command(
    name: "quarantine", summary: "files that could not be used, and why",
    usage: """
      quarantine [list]
      quarantine retry KEY
      """,
    details: """
      Files in quarantine stay where they are; the store keeps only the key of their path. Users who may
      read the site key and the input folder also see the paths. `retry` lets a running daemon take a file again
      once it is fixed.
      """, examples: ["quarantine", "quarantine retry 5bc50f5c9fc83c964860d9f45effe15a"]
  ) { invocation in
    let words = try invocation.words(atMost: 2)
    let configuration = try invocation.configuration()
    switch words.first {
    case nil, "list": try list(configuration, json: invocation.json)
    case "retry":
      guard words.count == 2 else { throw UsageError("quarantine retry takes the key of a file") }
      let answer = try ControlSocket.ask(
        configuration.state.socket,
        ["version": .int(ControlSocket.version), "command": "retry", "file_key": .string(words[1])]
      ).checked()
      print(invocation.json ? answer.encoded : "the next scan takes it again, if it is still there")
    case let other?: throw invocation.unknown(word: other)
    }
  }

  private static func list(_ configuration: Configuration, json: Bool) throws {
    let entries = try configuration.state.storeLocation.open(readOnly: true).quarantined()
    let paths = paths(Set(entries.map(\.pathKey)), configuration)
    for entry in entries {
      if json {
        let line: JSON = [
          "file_key": .string(entry.pathKey), "time": .string(entry.time),
          "reason": .string(entry.reason),
          "detail": .string(entry.detail), "path": .optional(paths?[entry.pathKey]?.text),
        ]
        print(line.encoded)
      } else {
        print("\(entry.pathKey)  \(entry.time)  \(entry.reason): \(entry.detail)")
        if let paths {
          print("    \(paths[entry.pathKey]?.description ?? "(no longer in the folder)")")
        }
      }
    }
    if entries.isEmpty && !json { print("nothing is in quarantine") }
  }

  /// Paths by key, found by walking the input folders; `nil` without the site key.
  private static func paths(_ keys: Set<String>, _ configuration: Configuration) -> [String:
    FilePath]?
  {
    guard !keys.isEmpty,
      let siteKey = try? SiteKey.load(
        stateDirectory: configuration.state.directory, file: configuration.siteKey, create: false)
    else { return nil }
    var found: [String: FilePath] = [:]
    for root in [configuration.intake.input, configuration.intake.reports] where !root.isEmpty {
      FolderScan(
        file: { stamp in
          let key = siteKey.key(stamp.path)
          if keys.contains(key) { found[key] = stamp.path }
        }, folder: { _ in found.count < keys.count }
      ).walk(root)
    }
    return found
  }
}
