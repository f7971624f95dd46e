import Core

/// A model can't be trained or loaded.
package struct FeatureError: ServiceError, ExitingError, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
  package var response: ErrorResponse { .report }
  package var exitCode: ExitCode { .data }
}
