import Core

/// Taking over vectors that were made under another bundle.
package protocol Adoption: AnyObject {
  /// Makes another store's vectors readable to `adopt` while `body` runs. SQLite wants that outside of a
  /// transaction.
  func attaching<Value>(_ other: StoreLocation?, _ body: () throws -> Value) throws -> Value

  /// Replaces vectors by those that the attached store holds under a bundle. What it can't replace, because
  /// the file is gone or the unit is newer than the other store's reading, is forgotten by the ledger: it is
  /// read again where its file is still there. Call it inside a transaction.
  ///
  /// - Parameter through: units annotated or revised after this event are newer.
  /// - Returns: path keys of the forgotten files, and how many units still are of another bundle.
  func adopt(bundle: String, through: Int) throws -> (forgotten: [String], waiting: Int)
}
