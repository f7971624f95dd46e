import Core

/// Tests use attributes that the project doesn't define.
extension DICOMTag: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: UInt32) { self.init(rawValue: value) }
}
