import Foundation

extension String {
  /// As text or attribute of an HTML page.
  public var escaped: String {
    replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
  }
}

extension Double {
  /// A length in a drawing.
  public var pixels: String { String(format: "%.1f", self) }
}
