import Core
import Embeddings
import Features
import Foundation
import Intake
import Reclustering
import Store

extension Pipeline {
  /// The generation in force with its bundle, or a first one opened from the active bundle; `nil` if there is neither:
  /// the daemon collects studies first.
  ///
  /// - Throws: `StoreError`, `FileError`, `FeatureError`.
  static func openGeneration(
    _ configuration: Configuration, _ keys: Keys, _ store: any Store
  ) throws -> (UnitEncoder, LiveGeneration)? {
    if let newest = try store.generations().first {
      let encoder = try UnitEncoder(
        ActiveBundle.load(
          ActiveBundle.parsed(newest.bundle), configuration))
      let layout = encoder.bundle.fusion.layout
      return (encoder, try LiveGeneration(newest, layout: layout, store: store))
    }
    guard let hash = try configuration.state.namedBundle() else { return nil }
    let bundle = try ActiveBundle.load(hash, configuration)
    let encoder = try UnitEncoder(bundle)
    let promotion = Promotion(
      store: store, configuration: configuration, bodyParts: keys.bodyParts, encoder: encoder)
    return (encoder, try promotion.open(bundle.clustering(), reason: "bundle"))
  }
}
