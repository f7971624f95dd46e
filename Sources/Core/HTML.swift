import Foundation

extension String {
  /// As text or attribute of an HTML page.
  package var escaped: String {
    replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
  }
}

extension Double {
  /// A length in a drawing.
  package var pixels: String { String(format: "%.1f", self) }
}
