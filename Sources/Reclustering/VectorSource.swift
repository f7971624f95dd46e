import Features
import Store

/// A store that holds the archive's vectors under another bundle; see `Reembedding`.
package struct VectorSource: Sendable {
  package let bundle: ModelBundle
  package let store: StoreLocation
  /// Sequence number of the last event in the archive's own store when reading began.
  package let through: Int

  package init(bundle: ModelBundle, store: StoreLocation, through: Int) {
    self.bundle = bundle
    self.store = store
    self.through = through
  }
}
