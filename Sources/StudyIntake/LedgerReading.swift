import Core
import Decoding
import Foundation
import Intake
import Store
import Synchronization

/// Reads a store's ledger over several connections: for a million studies this takes as long as the rest of the start.
package enum LedgerReading {
  /// Bounds of parts of equal size: keys are hexadecimal and effectively random.
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

  /// Whether a file's digest matches the ledger. Then it needs no decoding.
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
