import Core
import Store

/// Report files that found a study by its accession number. Another study may have the same number and be the intended
/// one. When it arrives, the files are read again, even after years.
package struct DeliveredReports {
  /// Path keys by accession key that are not in the store yet.
  private var new: [String: Set<String>] = [:]
  /// Path keys of files to forget, so that the next scan reads them again.
  private var recalled: Set<String> = []
  /// The studies for which a file is read again, by path key. Ignored if the file has changed.
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

  /// The studies for which a file is read again; `nil` if it is read for all studies.
  package mutating func takeAsking(_ pathKey: String, version: FileVersion) -> Set<String>? {
    guard let asked = asking.removeValue(forKey: pathKey), asked.version == version else {
      return nil
    }
    return asked.studies
  }

  /// Writes the changes. Call it inside a transaction, and `written` after it.
  ///
  /// - Throws: `StoreError`.
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
