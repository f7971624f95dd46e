import Foundation

/// Something that a thread of its own makes while its owner does other things.
package struct Eventual<Value: Sendable>: Sendable {
  private let result = BlockingQueue<Result<Value, any Error>>(capacity: 1)

  /// Begins.
  package init(_ make: @escaping @Sendable () throws -> Value) {
    Thread.detachNewThread { [result] in result.post(Result { try make() }) }
  }

  /// Waits for it. It can be had once.
  ///
  /// - Throws: what making it threw.
  package consuming func get() throws -> Value {
    guard let made = result.receive() else { preconditionFailure("had before") }
    return try made.get()
  }
}
