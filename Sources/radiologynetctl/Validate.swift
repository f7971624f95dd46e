import Core
import Foundation
import Glibc

extension Command {
  static let validate = Command(
    name: "validate", summary: "check the configuration and the folders it names",
    usage: "validate",
    details: """
      Reports every problem of the configuration with its line, then whether the folders can be used by
      the user who runs this command. Exit code 78 when something has to be mended.
      """, examples: ["validate", "--config ./radiologynet.toml validate"]
  ) { invocation in
    _ = try invocation.words(atMost: 0)
    let configuration = try invocation.configuration()
    var problems: [String] = []
    func check(_ key: String, _ path: String, _ mode: Int32, _ need: String) {
      if access(path, mode) != 0 {
        problems.append("\(key): \(path): \(String(cString: strerror(errno))); \(need)")
      }
    }
    check("intake.input", configuration.intake.input, R_OK | X_OK, "it must be a readable folder")
    if !configuration.intake.reports.isEmpty {
      check(
        "intake.reports", configuration.intake.reports, R_OK | X_OK, "it must be a readable folder")
    }
    if !configuration.bodyParts.isEmpty {
      do { _ = try BodyPartRules(contentsOf: configuration.bodyParts) } catch {
        problems.append("\(error)")
      }
    }
    let logFolder = (configuration.state.log as NSString).deletingLastPathComponent
    for (key, folder) in [
      ("state.directory", configuration.state.directory), ("state.log", logFolder),
    ] {
      // A folder that isn't there yet is made by the daemon, if the one above it lets it.
      var existing = folder
      while !FileManager.default.fileExists(atPath: existing), existing != "/", !existing.isEmpty {
        existing = (existing as NSString).deletingLastPathComponent
      }
      check(
        key, existing.isEmpty ? "." : existing, W_OK | X_OK, "the daemon must be able to write it")
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
