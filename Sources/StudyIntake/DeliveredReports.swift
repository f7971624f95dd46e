import Core
import Store

/// Report files that found a study by its accession number. Another study may have the same one, and may be the one
/// that is meant: when it comes, they are read again, even after years.
package struct DeliveredReports {
  /// Not in the store yet: path keys by accession key.
  private var new: [String: Set<String>] = [:]
  /// Files to forget, so that the next scan takes them again.
  private var recalled: Set<String> = []
  /// For which studies a file is read again, if it is still what it was.
  private var asking: [String: (version: FileVersion?, studies: Set<String>)] = [:]

  package var hasChanges: Bool { !new.isEmpty || !recalled.isEmpty }

  package mutating func note(_ pathKey: String, accessionKeys: [String]) {
    for key in accessionKeys { new[key, default: []].insert(pathKey) }
  }

  package func paths(accessionKey: String, _ index: any IntakeIndex) throws -> Set<String> {
    try (new[accessionKey] ?? []).union(index.deliveries(accessionKey: accessionKey))
  }

  package mutating func recall(_ pathKey: String, for studyKey: String, version: FileVersion?) {
    recalled.insert(pathKey)
    asking[pathKey, default: (version, [])].studies.insert(studyKey)
  }

  /// The studies that a file is read again for; `nil` for one that is read for all.
  package mutating func takeAsking(_ pathKey: String, version: FileVersion) -> Set<String>? {
    guard let asked = asking.removeValue(forKey: pathKey), asked.version == version else {
      return nil
    }
    return asked.studies
  }

  /// Inside a transaction, and `written` after it.
  package func write(to store: any Store) throws {
    for pathKey in recalled { try store.forget(pathKey) }
    for (accessionKey, paths) in new {
      for pathKey in paths { try store.saveDelivery(accessionKey: accessionKey, pathKey: pathKey) }
    }
  }

  package mutating func written() {
    new = [:]
    recalled = []
  }
}
