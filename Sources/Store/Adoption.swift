import Core

/// Takes over vectors that were computed under another bundle.
package protocol Adoption: AnyObject {
  /// Makes another store's vectors readable to `adopt` while `body` runs. Call it outside a transaction: SQLite
  /// requires that.
  func attaching<Value>(_ other: StoreLocation?, _ body: () throws -> Value) throws -> Value

  /// Replaces vectors with those that the attached store holds under a bundle. It can't replace a vector if the file
  /// is gone or the unit is newer than the other store's copy. The ledger forgets those files, so files that still
  /// exist are read again. Call it inside a transaction.
  ///
  /// - Parameter through: units annotated or revised after this event are newer.
  /// - Returns: path keys of the forgotten files, in no particular order, and how many units still have another bundle.
  func adopt(bundle: String, through: Int) throws -> (forgotten: [String], waiting: Int)
}
