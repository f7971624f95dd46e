import Core

/// Where a store lies. This is the one place that opens stores.
package struct StoreLocation: Sendable, Equatable {
  package let path: String

  /// - Parameter path: of an SQLite file.
  package init(path: String) { self.path = path }

  /// Opens the store, making or migrating it unless `readOnly`.
  ///
  /// - Throws: `StoreError`; `FileError` when it is missing or was written by a newer version.
  package func open(readOnly: Bool = false) throws -> any Store {
    try SQLiteStore(path: path, readOnly: readOnly)
  }
}

extension Configuration.State {
  package var storeLocation: StoreLocation { StoreLocation(path: store) }
}
