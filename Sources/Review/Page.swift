import Core
import Foundation

/// One page of a review: its path in the folder and its content.
package struct Page: Sendable {
  /// Relative path, such as `clusters/c0017.html`.
  package let path: String
  package let html: String

  /// - Parameters:
  ///   - title: plain text.
  ///   - main: HTML.
  init(_ path: String, title: String, _ main: String) {
    self.path = path
    let root = path.contains("/") ? "../" : ""
    let links = Self.sections.map { section in
      let here = section.path == path ? " aria-current=\"page\"" : ""
      return "<a href=\"\(root)\(section.path)\"\(here)>\(section.name)</a>"
    }.joined(separator: "\n")
    html = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(title.escaped) · radiologynet</title>
      <link rel="icon" href="data:,">
      <link rel="stylesheet" href="\(root)style.css">
      </head>
      <body>
      <a class="skip" href="#main">Skip to the content</a>
      <nav aria-label="Pages">
      \(links)
      </nav>
      <main id="main">
      <h1>\(title.escaped)</h1>
      \(main)
      </main>
      </body>
      </html>

      """
  }

  static let sections = [
    (path: "index.html", name: "Clusters"), (path: "map.html", name: "Map"),
    (path: "drift.html", name: "Drift"), (path: "history.html", name: "History"),
    (path: "intake.html", name: "Intake"),
  ]
}

/// Formats numbers for pages.
enum Figure {
  /// "1,337,926"
  static func count(_ number: Int) -> String {
    var digits = String(number)
    var index = digits.endIndex
    while digits.distance(from: digits.startIndex, to: index) > 3 {
      index = digits.index(index, offsetBy: -3)
      digits.insert(",", at: index)
    }
    return digits
  }

  static func percent(_ part: Int, of whole: Int) -> String {
    let share = 100 * Double(part) / Double(max(1, whole))
    return (part > 0 && share < 1 ? "&lt;1" : String(Int(share.rounded()))) + "&nbsp;%"
  }

  static func decimal(_ value: Double) -> String { String(format: "%.3f", value) }
}
