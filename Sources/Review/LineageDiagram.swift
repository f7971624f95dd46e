import Core
import Store

/// The clusters of two consecutive generations as columns, with bands for the lineage between them.
struct LineageDiagram {
  /// The drawing is never larger than this, so its letters stay as large as those around it.
  private static let width = 360.0
  private static let (left, right, node) = (56.0, 290.0, 14.0)

  private typealias Places = [Int: (top: Double, height: Double)]

  private let title: String
  private let before: Places
  private let after: Places
  private let bands: [(from: Int, to: Int, survived: Bool)]
  private let height: Double

  /// - Parameters:
  ///   - generations: their numbers.
  ///   - occupancies: by generation.
  ///   - lineage: `lineage` events.
  init(
    _ generations: (before: Int, after: Int),
    _ occupancies: [Int: [(cluster: Int, units: Int)]], _ lineage: [JSON]
  ) {
    title = "Generation \(generations.before) to \(generations.after)"
    let columns = [generations.before, generations.after].map { occupancies[$0] ?? [] }
    let most = columns.map(\.count).max() ?? 1
    let gap = most > 120 ? 1.0 : 4.0
    // Small clusters stay visible, so heights are only roughly proportional to sizes.
    height = Double(most) * (gap + 6) + 200
    let places = columns.map { [height] in Self.places($0, height: height, gap: gap) }
    (before, after) = (places[0], places[1])
    bands = Self.bands(generations.after, before, after, lineage)
  }

  private static func places(
    _ column: [(cluster: Int, units: Int)], height: Double, gap: Double
  ) -> Places {
    let units = max(1, column.reduce(0) { $0 + $1.units })
    let room = height - 20 - Double(column.count) * (gap + 3)
    var top = 10.0
    var places: Places = [:]
    for (cluster, count) in column.sorted(by: { $0.cluster < $1.cluster }) {
      let height = 3 + room * Double(count) / Double(units)
      places[cluster] = (top, height)
      top += height + gap
    }
    return places
  }

  private static func bands(
    _ generation: Int, _ before: Places, _ after: Places, _ lineage: [JSON]
  ) -> [(from: Int, to: Int, survived: Bool)] {
    let survivors = before.keys.sorted().filter { after[$0] != nil }.map { ($0, $0, true) }
    var pairs: Set<[Int]> = []
    for event in lineage where event["generation"]?.int == generation {
      guard let cluster = id(event["cluster"]) else { continue }
      for heir in event["heirs"]?.array ?? [] {
        id(heir).map { _ = pairs.insert([cluster, $0]) }
      }
      for parent in event["parents"]?.array ?? [] {
        id(parent).map { _ = pairs.insert([$0, cluster]) }
      }
    }
    return survivors
      + pairs.sorted { $0.lexicographicallyPrecedes($1) }
      .filter { before[$0[0]] != nil && after[$0[1]] != nil && $0[0] != $0[1] }
      .map { ($0[0], $0[1], false) }
  }

  private static func id(_ label: JSON?) -> Int? {
    label?.string.flatMap { Int($0.drop { $0 == "c" }) }
  }

  /// HTML: the drawing with its caption.
  var figure: String {
    """
    <figure><svg class="natural" width="\(Self.width)" viewBox="0 0 \(Self.width) \(height.pixels)" role="img" aria-label="\(title): where each cluster's units went; the same is in the table below">
    \(bands.map(band).joined(separator: "\n"))
    \(nodes(before, Self.left, isLeft: true))
    \(nodes(after, Self.right, isLeft: false))
    </svg><figcaption>\(title)</figcaption></figure>
    """
  }

  /// A band from one cluster to another. Bands that share a node overlap.
  private func band(_ from: Int, _ to: Int, _ survived: Bool) -> String {
    guard let a = before[from], let b = after[to] else { return "" }
    let (left, right) = (Self.left + Self.node, Self.right)
    let middle = (left + right) / 2
    let thin = survived ? 1 : 0.5
    let (start, end) = (a.height * thin, b.height * thin)
    let path =
      "M\(left.pixels) \(a.top.pixels)C\(middle.pixels) \(a.top.pixels) \(middle.pixels) \(b.top.pixels) \(right.pixels) \(b.top.pixels)"
      + "v\(end.pixels)C\(middle.pixels) \((b.top + end).pixels) \(middle.pixels) \((a.top + start).pixels) \(left.pixels) \((a.top + start).pixels)z"
    return
      "<path class=\"flow\(survived ? "" : " moved")\" d=\"\(path)\"><title>\(ClusterRecord.label(from)) → \(ClusterRecord.label(to))</title></path>"
  }

  private func nodes(_ places: Places, _ left: Double, isLeft: Bool) -> String {
    let (edge, anchor) = isLeft ? (left - 5, "end") : (left + Self.node + 5, "start")
    return places.sorted { $0.key < $1.key }.map { cluster, place in
      let label =
        place.height >= 9
        ? "<text x=\"\(edge.pixels)\" y=\"\((place.top + place.height / 2 + 4).pixels)\" text-anchor=\"\(anchor)\">\(ClusterRecord.label(cluster))</text>"
        : ""
      return
        "<rect class=\"f0\" x=\"\(left.pixels)\" y=\"\(place.top.pixels)\" width=\"\(Self.node)\" height=\"\(place.height.pixels)\"><title>\(ClusterRecord.label(cluster))</title></rect>\(label)"
    }.joined()
  }
}
