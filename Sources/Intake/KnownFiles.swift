import Core

/// Files that were already processed: short path keys with fingerprints of what changes when a file's content does. The
/// millions of files of a ledger are two sorted arrays, 16 bytes a file, made without hashing; new files are in a
/// dictionary beside them.
package struct KnownFiles: Sendable {
  private var keys: [UInt64] = []
  /// 0 for a file that was forgotten.
  private var fingerprints: [UInt64] = []
  private var added: [UInt64: UInt64] = [:]

  package init() {}

  /// The fingerprint of a version: even if inode and time of change are unknown, odd if they are known, never 0.
  static func fingerprint(_ version: FileVersion) -> UInt64 {
    let half = mixed(mixed(0, version.size), version.modified)
    guard let inode = version.inode, let changed = version.changed else { return half & ~1 | 2 }
    return mixed(mixed(half, inode), changed) | 1
  }

  private static func mixed(_ seed: UInt64, _ number: Int) -> UInt64 {
    var generator = SeededGenerator(seed: seed ^ UInt64(bitPattern: Int64(number)))
    return generator.next()
  }

  /// Appends a file. Keys must come in ascending order.
  package mutating func append(key: UInt64, _ version: FileVersion) {
    precondition(keys.last ?? 0 <= key)
    keys.append(key)
    fingerprints.append(Self.fingerprint(version))
  }

  /// Appends all of `others`, whose keys must follow.
  package mutating func append(_ others: KnownFiles) {
    precondition(keys.last ?? 0 <= others.keys.first ?? .max)
    keys += others.keys
    fingerprints += others.fingerprints
  }

  /// Number of files from the ledger.
  package var count: Int { keys.count }

  /// Whether a file was taken under this path.
  package func holds(_ key: UInt64) -> Bool { self[key] != 0 }

  /// Whether this very version was taken. An entry without inode and time of change matches if size and time agree, and
  /// includes them from then on.
  package mutating func knows(_ key: UInt64, _ version: FileVersion) -> Bool {
    let fingerprint = self[key]
    guard fingerprint != 0 else { return false }
    if fingerprint & 1 == 1 { return fingerprint == Self.fingerprint(version) }
    guard
      fingerprint
        == Self.fingerprint(FileVersion(size: version.size, modified: version.modified))
    else { return false }
    note(key, version)
    return true
  }

  package mutating func note(_ key: UInt64, _ version: FileVersion) {
    self[key] = Self.fingerprint(version)
  }

  package mutating func forget(_ key: UInt64) { self[key] = 0 }

  private subscript(key: UInt64) -> UInt64 {
    get {
      let index = lowerBound(key)
      if index < keys.count && keys[index] == key { return fingerprints[index] }
      return added[key] ?? 0
    }
    set {
      let index = lowerBound(key)
      if index < keys.count && keys[index] == key {
        fingerprints[index] = newValue
      } else {
        added[key] = newValue == 0 ? nil : newValue
      }
    }
  }

  private func lowerBound(_ key: UInt64) -> Int {
    var (low, high) = (0, keys.count)
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
