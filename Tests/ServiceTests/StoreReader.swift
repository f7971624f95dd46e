import Core
import Store

/// Reads a site's store for tests.
struct StoreReader {
  private let store: any Store

  init(_ path: String) throws { store = try SQLiteStore(path: path, readOnly: true) }

  func unit(_ key: String) throws -> Embedding? { try store.unit(key)?.embedding }

  /// The hash of the bundle that made a unit's vector.
  func bundle(_ key: String) throws -> String? { try store.unit(key)?.bundle }

  /// The number of a study's instances whose pixels were decoded.
  func pictured(study: String) throws -> Int {
    try store.instances(ofStudy: study).count { $0.frames > 0 }
  }
}
