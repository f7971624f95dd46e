/// What a long-running service does about an error.
package enum ErrorResponse: Sendable {
  /// Wait and try again: a full disk, a locked store, an unreadable folder. Time or an operator will fix it.
  case retry
  /// Report it and go on: a request that can't be fulfilled, models that can't be trained.
  case report
  /// End, with the store as it was: the cause is unknown or can't be lived with.
  case stop
}

/// An error that says what to do about it. All others end the service.
package protocol ServiceError: Error {
  var response: ErrorResponse { get }
}

extension Error {
  package var response: ErrorResponse { (self as? any ServiceError)?.response ?? .stop }
}
