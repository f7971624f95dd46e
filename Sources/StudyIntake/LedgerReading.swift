import Core
import Decoding
import Foundation
import Intake
import Store
import Synchronization

/// Reads a store's ledger by several connections: of a million studies it takes as long as all else at the start.
package enum LedgerReading {
  /// Keys are hexadecimal and as good as random: parts of the same size begin here.
  private static let bounds = ["0", "2", "4", "6", "8", "a", "c", "e", "g"]

  /// Every file of the ledger.
  ///
  /// - Throws: `StoreError` or `FileError`.
  package static func files(_ location: StoreLocation) throws -> KnownFiles {
    let count = bounds.count - 1
    let parts = Mutex([Result<KnownFiles, any Error>?](repeating: nil, count: count))
    inParallel(count) { part in
      let files = Result { try Self.read(location, from: bounds[part], upTo: bounds[part + 1]) }
      parts.withLock { $0[part] = files }
    }
    return try parts.withLock { $0 }.reduce(into: KnownFiles()) {
      if let part = try $1?.get() { $0.append(part) }
    }
  }

  /// Whether a file holds what the ledger knows of it, told by its digest: then it needs no decoding.
  package static func isUnchanged(_ stamp: FileStamp, _ pathKey: String, _ store: any Store) -> Bool
  {
    guard let entry = try? store.file(pathKey), let digest = entry.digest,
      entry.version.size == stamp.version.size
    else { return false }
    return (try? ContentDigest.of(file: stamp.path)) == digest
  }

  private static func read(_ location: StoreLocation, from first: String, upTo end: String) throws
    -> KnownFiles
  {
    var files = KnownFiles()
    try location.open(readOnly: true).ledger(from: first, upTo: end) {
      files.append(key: Keys.short($0), $1)
    }
    return files
  }
}
