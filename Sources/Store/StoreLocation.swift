import Core

/// The location of a store, and the only code that opens one.
package struct StoreLocation: Sendable, Equatable {
  package let path: String

  /// - Parameter path: of an SQLite file.
  package init(path: String) { self.path = path }

  /// Opens the store. Creates or migrates it unless `readOnly`.
  ///
  /// - Throws: `StoreError`; `FileError` when it is missing or was written by a newer version.
  package func open(readOnly: Bool = false) throws -> any Store {
    try SQLiteStore(path: path, readOnly: readOnly)
  }
}

extension Configuration.State {
  package var storeLocation: StoreLocation { StoreLocation(path: store) }
}
