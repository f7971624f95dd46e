import Core

extension Store {
  private static var siteKeyName: String { "site_key" }

  /// Whether the store was made with another site key; false if it records none.
  ///
  /// - Throws: `StoreError`.
  package func isForeign(to siteKey: SiteKey) throws -> Bool {
    try meta(Self.siteKeyName).map { $0 != siteKey.fingerprint } ?? false
  }

  /// Checks that the store was made with a site key, and records the key in a store that has none. Under another key
  /// every file and study would be new, and the archive would be annotated again with other keys.
  ///
  /// - Throws: `FileError` for a store of another key, `StoreError`.
  package func check(_ siteKey: SiteKey) throws {
    guard let known = try meta(Self.siteKeyName) else {
      return try transaction { try setMeta(Self.siteKeyName, siteKey.fingerprint) }
    }
    guard known == siteKey.fingerprint else {
      throw FileError(
        path: place,
        problem:
          "was made with another site key: restore that (privacy.site_key, or site.key in the state folder) from a backup; "
          + "if it is lost, give an empty folder as state.directory"
      )
    }
  }
}
