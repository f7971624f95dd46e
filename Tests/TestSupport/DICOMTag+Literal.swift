import Core

/// Tests name attributes that the project knows nothing of.
extension DICOMTag: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: UInt32) { self.init(rawValue: value) }
}
