import Core
import Foundation

extension Command {
  static let validate = Command(
    name: "validate", summary: "check the configuration and the folders it names",
    usage: "validate",
    details: """
      Reports every problem of the configuration with its line, then whether the folders can be used by
      the user who runs this command; run by root, by the owner of the state folder. Exit code 78 when there are problems.
      """, examples: ["validate", "--config ./radiologynet.toml validate"]
  ) { invocation in
    _ = try invocation.words(atMost: 0)
    let configuration = try invocation.configuration()
    var problems = try asOwner(of: configuration.state.directory) {
      FolderRights.problems(configuration).map {
        "\($0.key): \($0.path): \($0.text); \($0.need)"
      }
    }
    if !configuration.bodyParts.isEmpty {
      do { _ = try BodyPartRules(contentsOf: configuration.bodyParts) } catch {
        problems.append("\(error)")
      }
    }
    guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
    if invocation.json {
      print(JSON.object([("ok", true)]).encoded)
    } else {
      print("\(invocation.configurationPath): good")
      print("  input  \(configuration.intake.input)")
      print("  state  \(configuration.state.directory)")
      print("  log    \(configuration.state.log)")
      print("  units  \(configuration.unit.rawValue), k = \(count(configuration.clustering.k))")
    }
  }

  private static func count(_ k: Configuration.Clustering.Count) -> String {
    switch k {
    case .fixed(let k): "\(k)"
    case .auto(let range): "auto, \(range.lowerBound) to \(range.upperBound)"
    }
  }
}
