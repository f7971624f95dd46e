import Core

/// A model can't be trained or loaded.
package struct FeatureError: ServiceError, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
  package var response: ErrorResponse { .report }
}
