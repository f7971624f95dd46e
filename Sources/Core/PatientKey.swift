/// A patient's number as keys: with its issuer, and without.
package struct PatientKey: Sendable, Hashable {
  package var number: String
  /// Equal to `number` where no issuer is named.
  package var whole: String

  package init(number: String, whole: String) {
    self.number = number
    self.whole = whole
  }
}
