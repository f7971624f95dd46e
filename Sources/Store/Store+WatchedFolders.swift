import Core

extension Store {
  private static var watchedFoldersKey: String { "watched_folders" }

  /// The folders that the watched paths led to when files were last seen there, by path.
  package func watchedFolders() throws -> [String: String] {
    guard let text = try meta(Self.watchedFoldersKey),
      case .object(let members) = try JSON(parsing: text)
    else { return [:] }
    return members.reduce(into: [:]) { $0[$1.key] = $1.value.string }
  }

  /// Saves the folders for the next start. Don't call it inside a transaction.
  package func note(watchedFolders folders: [String: String]) throws {
    guard try watchedFolders() != folders else { return }
    let members = folders.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value)) }
    try transaction(isDurable: false) {
      try setMeta(Self.watchedFoldersKey, JSON.object(members).encoded)
    }
  }
}
