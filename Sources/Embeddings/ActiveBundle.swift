import Core
import Features
import Foundation

/// The bundle that the daemon should use, as named by `bundles/active` in the state folder. Training and
/// `radiologynetctl bundle activate` write that file; the daemon follows it.
package enum ActiveBundle {
  /// Names the bundle to use.
  ///
  /// - Throws: `FileError`.
  package static func set(_ hash: BundleHash, _ state: Configuration.State) throws {
    try writeAtomically(Data("\(hash)\n".utf8), to: state.activeBundle)
  }

  /// - Throws: `FeatureError` if the text is not a valid bundle hash.
  package static func parsed(_ text: String) throws(FeatureError) -> BundleHash {
    guard let hash = BundleHash(text) else {
      throw FeatureError(BundleHash.rule)
    }
    return hash
  }

  /// - Throws: `FileError`; `FeatureError` when the bundle is damaged, its folder holds another one, or it contains a
  ///   program without consent.
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
