import Core
import Store

/// Pictures of units, so many on a page.
enum Gallery {
  static let size = 48

  /// - Parameter number: from 1.
  static func page(_ number: Int, of keys: [String]) -> ArraySlice<String> {
    let start = (number - 1) * size
    guard keys.indices.contains(start) else { return [] }
    return keys[start..<min(keys.count, start + size)]
  }

  /// Number of pages; 1 for none.
  static func pages(_ keys: [String]) -> Int { max(1, (keys.count + size - 1) / size) }

  /// Links to the other pages of a cluster's members.
  ///
  /// - Parameter count: number of pages that exist.
  static func pager(_ label: String, _ number: Int, of count: Int) -> String {
    guard count > 1 else { return "" }
    func link(_ page: Int, _ text: String, _ relation: String = "") -> String {
      page == number
        ? "<b aria-current=\"page\">\(text)</b>"
        : "<a href=\"../\(PagePath.cluster(label, page: page))#members\"\(relation)>\(text)</a>"
    }
    let near = Set([1, count] + Array(number - 2...number + 2)).filter { (1...count).contains($0) }
    var links: [String] = []
    var last = 0
    for page in near.sorted() {
      if page > last + 1 { links.append("…") }
      links.append(link(page, "\(page)"))
      last = page
    }
    let previous = number > 1 ? link(number - 1, "Nearer", " rel=\"prev\"") : ""
    let next = number < count ? link(number + 1, "Farther", " rel=\"next\"") : ""
    return
      "<nav class=\"pager\" aria-label=\"Pages of members\">\(previous) \(links.joined(separator: " ")) \(next)</nav>"
  }
}

extension Report {
  /// HTML: units as pictures, each with a line of text, linked to their pages. Paths start in a subfolder.
  func gallery(_ units: some Collection<String>, text: (String) -> String = \.shortKey) throws
    -> String
  {
    let items = try units.map { key in
      let isShown = try PagePath.isName(key) && store.hasThumbnail(key)
      let picture =
        isShown
        ? "<img loading=\"lazy\" width=\"192\" height=\"192\" src=\"../\(PagePath.picture(key))\" alt=\"\">"
        : "<span class=\"blank\">no picture that may be shown</span>"
      let content = "\(picture)<span>\(text(key).escaped)</span>"
      return hasPage(key)
        ? "<li><a href=\"../\(PagePath.study(key))\">\(content)</a></li>" : "<li>\(content)</li>"
    }
    return "<ul class=\"gallery\">\n\(items.joined(separator: "\n"))\n</ul>"
  }
}
