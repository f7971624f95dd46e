import Core

/// Tests name attributes that the project knows nothing of.
extension DICOMTag: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: UInt32) { self.init(rawValue: value) }
}
