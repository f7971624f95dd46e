import Foundation

/// Fields of a form as browsers post it (application/x-www-form-urlencoded).
package struct Form: Sendable {
  private let fields: [String: [String]]

  package init(_ body: String) {
    var fields: [String: [String]] = [:]
    for pair in body.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let decoded = parts.map { $0.replacing("+", with: " ").removingPercentEncoding ?? "" }
      fields[decoded[0], default: []].append(decoded.count > 1 ? decoded[1] : "")
    }
    self.fields = fields
  }

  /// A field's last value.
  package subscript(name: String) -> String? { fields[name]?.last }

  /// Every value of a field that may occur several times, such as ticked boxes.
  package func all(_ name: String) -> [String] { fields[name] ?? [] }
}
