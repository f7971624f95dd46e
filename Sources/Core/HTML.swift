import Foundation

extension String {
  /// Escaped for text and attributes of an HTML page.
  package var escaped: String {
    replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
  }
}

extension Double {
  /// A length in a drawing.
  package var pixels: String { String(format: "%.1f", self) }
}
