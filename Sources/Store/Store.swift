import Core

/// The state of an archive: its ledger, its units, its clusterings and its events. Every change of state is one
/// transaction, and the events that it causes get their sequence numbers inside it. For one thread at a time.
package protocol Store: Adoption, DriftWindows, EventLog, Generations, IntakeIndex, Ledger, Reports,
  Reviews, Studies, Thumbnails, Units, WaitingItems
{
  /// Where it lies, for messages.
  var place: String { get }

  /// All or nothing.
  ///
  /// - Parameter isDurable: waits for the disk, since a sequence number that reached the log must never be given twice.
  ///   Otherwise a power cut may undo it until a durable transaction has followed.
  @discardableResult
  func transaction<Value>(isDurable: Bool, _ body: () throws -> Value) throws -> Value

  /// What is wrong with the stored data; `nil` for nothing.
  func damage() throws -> String?

  /// Writes something, to know whether that is possible.
  ///
  /// - Throws: `StoreError`; `FileError` when the store was removed or replaced, and what is written would be lost.
  func probe() throws

  /// A value that belongs to no table.
  func meta(_ key: String) throws -> String?
  func setMeta(_ key: String, _ value: String) throws
}

extension Store {
  /// All or nothing, and on disk when it returns.
  @discardableResult
  package func transaction<Value>(_ body: () throws -> Value) throws -> Value {
    try transaction(isDurable: true, body)
  }
}
