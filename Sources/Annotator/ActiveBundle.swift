import Core
import Features
import Foundation

/// The bundle that the daemon is to work with, as `bundles/active` in the state folder names it. Training
/// and `radiologynetctl bundle activate` write it; the daemon follows.
enum ActiveBundle {
  /// - Returns: its hash, `nil` where none was named.
  /// - Throws: `FileError` when the file can't be read.
  static func hash(_ state: Configuration.State) throws -> String? {
    guard FileManager.default.fileExists(atPath: state.activeBundle) else { return nil }
    return String(decoding: try readFile(state.activeBundle), as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  static func set(_ hash: String, _ state: Configuration.State) throws {
    try writeAtomically(Data((hash + "\n").utf8), to: state.activeBundle)
  }

  /// - Throws: `FileError`, `FeatureError` when it is damaged.
  static func load(_ hash: String, _ state: Configuration.State) throws -> ModelBundle {
    try ModelBundle(contentsOf: state.bundles + "/" + hash)
  }
}
