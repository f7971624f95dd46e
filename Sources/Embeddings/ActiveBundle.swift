import Core
import Features
import Foundation

/// The bundle that the daemon is to work with, as `bundles/active` in the state folder names it. Training
/// and `radiologynetctl bundle activate` write it; the daemon follows.
package enum ActiveBundle {
  package static func set(_ hash: BundleHash, _ state: Configuration.State) throws {
    try writeAtomically(Data("\(hash)\n".utf8), to: state.activeBundle)
  }

  /// - Throws: `FeatureError` for what can't be a bundle's hash.
  package static func parsed(_ text: String) throws(FeatureError) -> BundleHash {
    guard let hash = BundleHash(text) else {
      throw FeatureError(BundleHash.rule)
    }
    return hash
  }

  /// - Throws: `FileError`, `FeatureError` when it is damaged, another one lies in its folder, or it holds a program
  ///   without consent.
  package static func load(_ hash: BundleHash, _ configuration: Configuration) throws -> ModelBundle
  {
    let bundles = configuration.state.bundles
    let bundle = try ModelBundle(
      contentsOf: "\(bundles)/\(hash)",
      programs: ProgramConsent(configuration: configuration.path))
    guard bundle.hash == hash.description else {
      throw FeatureError(
        "\(bundles)/\(hash) holds the bundle \(bundle.hash): its manifest was changed; restore it"
      )
    }
    return bundle
  }
}
