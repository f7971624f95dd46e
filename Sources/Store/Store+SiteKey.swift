import Core

extension Store {
  private static var siteKeyName: String { "site_key" }

  /// Whether it was made with another site key.
  package func isForeign(to siteKey: SiteKey) throws -> Bool {
    try meta(Self.siteKeyName).map { $0 != siteKey.fingerprint } ?? false
  }

  /// Checks that the store was made with a site key, and remembers it in one that doesn't say. With another key every
  /// file and study would be new: the archive would be annotated again under other names.
  ///
  /// - Throws: `FileError` for a store of another key.
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
