import Core

/// Which files were dealt with: short path keys with fingerprints of size and time. What a ledger of millions holds
/// already is two sorted arrays, 16 bytes a file, made without hashing; what changes is a dictionary beside them.
public struct KnownFiles: Sendable {
  private var keys: [UInt64] = []
  private var fingerprints: [UInt64] = []
  /// `nil` for a file that was forgotten.
  private var changes: [UInt64: UInt64?] = [:]

  public init() {}

  /// What a file's size and time come to.
  public static func fingerprint(size: Int, modified: Int) -> UInt64 {
    var mixed = SeededGenerator(
      seed: UInt64(bitPattern: Int64(modified)) ^ UInt64(size) &* 0x9e37_79b9)
    return mixed.next()
  }

  /// Adds files in the order of their keys, after all that are there.
  public mutating func append(key: UInt64, size: Int, modified: Int) {
    precondition(keys.last ?? 0 <= key)
    keys.append(key)
    fingerprints.append(Self.fingerprint(size: size, modified: modified))
  }

  /// Adds all of `others`, whose keys follow.
  public mutating func append(_ others: KnownFiles) {
    precondition(keys.last ?? 0 <= others.keys.first ?? .max)
    keys += others.keys
    fingerprints += others.fingerprints
  }

  /// Files from the ledger.
  public var count: Int { keys.count }

  /// A file's fingerprint; `nil` where it isn't known.
  public subscript(key: UInt64) -> UInt64? {
    get {
      if let change = changes[key] { return change }
      let index = lowerBound(key)
      return index < keys.count && keys[index] == key ? fingerprints[index] : nil
    }
    set { changes[key] = .some(newValue) }
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
