import Core
import Store

/// What tests look up in a site's store.
struct StoreReader {
  private let store: any Store

  init(_ path: String) throws { store = try SQLiteStore(path: path, readOnly: true) }

  func unit(_ key: String) throws -> Embedding? { try store.unit(key)?.embedding }

  /// The hash of the bundle that made a unit's vector.
  func bundle(_ key: String) throws -> String? { try store.unit(key)?.bundle }

  /// How many instances of a study had their pixels decoded.
  func pictured(study: String) throws -> Int {
    try store.instances(ofStudy: study).count { $0.frames > 0 }
  }
}
