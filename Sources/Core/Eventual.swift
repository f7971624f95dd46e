import Foundation

/// A value that a separate thread makes in the background.
package struct Eventual<Value: Sendable>: Sendable {
  private let result = BlockingQueue<Result<Value, any Error>>(capacity: 1)

  /// Starts the thread.
  package init(_ make: @escaping @Sendable () throws -> Value) {
    Thread.detachNewThread { [result] in result.post(Result { try make() }) }
  }

  /// Waits for the value for a limited time.
  ///
  /// - Returns: `nil` when it is not there by then; the thread goes on.
  package func get(within limit: Duration) throws -> Value? {
    try result.receive(within: limit)?.get()
  }

  /// Waits for the value, which can be taken once.
  ///
  /// - Throws: the error of `make`.
  package consuming func get() throws -> Value {
    guard let made = result.receive() else { preconditionFailure("had before") }
    return try made.get()
  }
}
