import Core
import Foundation

/// One page of a review: its path in the folder and its content.
package struct Page: Sendable {
  /// Relative path, such as `clusters/c0017.html`.
  package let path: String
  package let html: String

  /// - Parameters:
  ///   - title: plain text.
  ///   - moment: when what it shows was read; `nil` for a page that shows nothing of the archive.
  ///   - scripts: paths of the scripts that add comfort to it.
  ///   - main: HTML.
  init(
    _ path: String, title: String, asOf moment: Moment? = nil, scripts: [String] = [],
    _ main: String
  ) {
    self.path = path
    let root = path.contains("/") ? "../" : ""
    let links = Self.sections.map { section in
      let here = section.path == path ? " aria-current=\"page\"" : ""
      return "<a href=\"\(root)\(section.path)\"\(here)>\(section.name)</a>"
    }.joined(separator: "\n")
    let loaded = scripts.map { "<script src=\"\(root)\($0)\" defer></script>\n" }.joined()
    html = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(title.escaped) · radiologynet</title>
      <link rel="icon" href="data:,">
      <link rel="stylesheet" href="\(root)style.css">
      \(loaded)</head>
      <body>
      <a class="skip" href="#main">Skip to the content</a>
      <nav aria-label="Pages">
      \(links)
      </nav>
      <main id="main">
      <h1>\(title.escaped)</h1>
      \(main)
      </main>
      <footer>\(moment.map { "Archive as of \($0.words)." } ?? "")</footer>
      </body>
      </html>

      """
  }

  package static let sections = [
    (path: "index.html", name: "Clusters"), (path: "queue.html", name: "Queue"),
    (path: "map.html", name: "Map"), (path: "drift.html", name: "Drift"),
    (path: "history.html", name: "History"), (path: "intake.html", name: "Intake"),
  ]
}

/// When an archive was read.
package struct Moment: Sendable {
  /// UTC, ISO 8601.
  package let time: String
  /// Sequence number of the last event that it includes.
  package let event: Int

  var words: String {
    "\(time.prefix(10)) \(time.dropFirst(11).prefix(5)) UTC, event \(Figure.count(event))"
  }
}

extension Archive {
  /// A page that says when the archive was read.
  func page(_ path: String, title: String, scripts: [String] = [], _ main: String) -> Page {
    Page(path, title: title, asOf: moment, scripts: [Script.reviewPath] + scripts, main)
  }
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

  /// Rounded; what is neither none nor all becomes neither 0 nor 100.
  static func percent(_ part: Int, of whole: Int) -> String {
    let share = 100 * Double(part) / Double(max(1, whole))
    let text =
      switch share {
      case _ where part > 0 && share < 1: "&lt;1"
      case _ where part < whole && share > 99: "&gt;99"
      default: String(Int(share.rounded()))
      }
    return text + "&nbsp;%"
  }

  static func decimal(_ value: Double) -> String { String(format: "%.3f", value) }
}

extension String {
  /// The first characters of a key: enough to tell it from others, short enough to read.
  var shortKey: String { String(prefix(12)) }
}
