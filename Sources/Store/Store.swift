import Core

/// The state of an archive: its ledger, units, generations and events. Every change of state is one transaction, and
/// the events that it causes get their sequence numbers inside it. For one thread at a time.
package protocol Store: Adoption, DriftWindows, EventLog, Generations, IntakeIndex, Ledger, Reports,
  Reviews, Studies, Thumbnails, Units, WaitingItems
{
  /// The store's location, for messages.
  var place: String { get }

  /// Commits all of `body` or, if it throws, nothing.
  ///
  /// - Parameter isDurable: waits for the disk, because a sequence number that reached the log must never be reused.
  ///   Otherwise a power cut may undo the transaction until a durable one has followed.
  /// - Throws: `StoreError`, and what `body` throws.
  @discardableResult
  func transaction<Value>(isDurable: Bool, _ body: () throws -> Value) throws -> Value

  /// What is wrong with the stored data; `nil` if it is sound.
  func damage() throws -> String?

  /// Checks that the store can be written by writing to it.
  ///
  /// - Throws: `StoreError`; `FileError` when the store was removed or replaced, so that writes would be lost.
  func probe() throws

  /// A value that belongs to no table; `nil` if it was never set.
  func meta(_ key: String) throws -> String?

  /// Sets a value that belongs to no table.
  func setMeta(_ key: String, _ value: String) throws
}

extension Store {
  /// Commits all of `body` or, if it throws, nothing. The data is on disk when it returns.
  @discardableResult
  package func transaction<Value>(_ body: () throws -> Value) throws -> Value {
    try transaction(isDurable: true, body)
  }
}
