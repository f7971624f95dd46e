import Core
import Store

/// Clusters of consecutive generations as columns, with bands for the lineage between them.
struct LineageDiagram {
  private static let (column, node) = (230.0, 14.0)
  private let generations: [Int]
  /// By generation: top and height of each cluster.
  private let places: [[Int: (top: Double, height: Double)]]
  private let bands: [(column: Int, from: Int, to: Int, survived: Bool)]
  private let height: Double

  /// - Parameters:
  ///   - generations: oldest first.
  ///   - lineage: `lineage` events.
  init(
    _ generations: [Int], _ occupancies: [Int: [(cluster: Int, units: Int)]], _ lineage: [JSON]
  ) {
    self.generations = generations
    let columns = generations.map { (occupancies[$0] ?? []).sorted { $0.cluster < $1.cluster } }
    let most = columns.map(\.count).max() ?? 1
    let gap = most > 120 ? 1.0 : 4.0
    // Small clusters stay visible, so heights are only roughly proportional to sizes.
    height = Double(most) * (gap + 6) + 240
    var places: [[Int: (top: Double, height: Double)]] = []
    for column in columns {
      let units = max(1, column.reduce(0) { $0 + $1.units })
      let room = height - 60 - Double(column.count) * (gap + 3)
      var top = 40.0
      var place: [Int: (top: Double, height: Double)] = [:]
      for (cluster, count) in column {
        let height = 3 + room * Double(count) / Double(units)
        place[cluster] = (top, height)
        top += height + gap
      }
      places.append(place)
    }
    var bands: [(column: Int, from: Int, to: Int, survived: Bool)] = []
    for (index, generation) in generations.enumerated().dropFirst() {
      for cluster in places[index - 1].keys.sorted() where places[index][cluster] != nil {
        bands.append((index - 1, cluster, cluster, true))
      }
      var pairs: Set<[Int]> = []
      for event in lineage where event["generation"]?.int == generation {
        guard let cluster = Self.id(event["cluster"]) else { continue }
        for heir in event["heirs"]?.array ?? [] {
          Self.id(heir).map { _ = pairs.insert([cluster, $0]) }
        }
        for parent in event["parents"]?.array ?? [] {
          Self.id(parent).map { _ = pairs.insert([$0, cluster]) }
        }
      }
      bands += pairs.sorted { $0.lexicographicallyPrecedes($1) }
        .filter { places[index - 1][$0[0]] != nil && places[index][$0[1]] != nil && $0[0] != $0[1] }
        .map { (index - 1, $0[0], $0[1], false) }
    }
    self.bands = bands
    self.places = places
  }

  private static func id(_ label: JSON?) -> Int? {
    label?.string.flatMap { Int($0.drop { $0 == "c" }) }
  }

  var svg: String {
    let width = Self.column * Double(generations.count - 1) + 160
    let heads = generations.enumerated().map {
      "<text x=\"\((40 + Double($0) * Self.column).pixels)\" y=\"20\" font-weight=\"600\">generation \($1)</text>"
    }.joined()
    return """
      <svg class="wide" viewBox="0 0 \(width.pixels) \(height.pixels)" role="img" aria-labelledby="lineage-title">
      <title id="lineage-title">Clusters of the last generations and where they went; the same is in the table below</title>
      \(heads)\(bands.map(band).joined(separator: "\n"))
      \(generations.indices.map(nodes).joined(separator: "\n"))
      </svg>
      """
  }

  /// A band from one cluster to another. Bands that share a node overlap.
  private func band(_ column: Int, _ from: Int, _ to: Int, _ survived: Bool) -> String {
    guard let a = places[column][from], let b = places[column + 1][to] else { return "" }
    let (left, right) = (
      40 + Double(column) * Self.column + Self.node, 40 + Double(column + 1) * Self.column
    )
    let middle = (left + right) / 2
    let thin = survived ? 1 : 0.5
    let (start, end) = (a.height * thin, b.height * thin)
    let path =
      "M\(left.pixels) \(a.top.pixels)C\(middle.pixels) \(a.top.pixels) \(middle.pixels) \(b.top.pixels) \(right.pixels) \(b.top.pixels)"
      + "v\(end.pixels)C\(middle.pixels) \((b.top + end).pixels) \(middle.pixels) \((a.top + start).pixels) \(left.pixels) \((a.top + start).pixels)z"
    return
      "<path class=\"flow\(survived ? "" : " moved")\" d=\"\(path)\"><title>\(ClusterRecord.label(from)) → \(ClusterRecord.label(to))</title></path>"
  }

  private func nodes(_ column: Int) -> String {
    let left = 40 + Double(column) * Self.column
    return places[column].sorted { $0.key < $1.key }.map { cluster, place in
      let label =
        place.height >= 9
        ? "<text x=\"\((left - 4).pixels)\" y=\"\((place.top + place.height / 2 + 4).pixels)\" text-anchor=\"end\" font-size=\"10\">\(ClusterRecord.label(cluster))</text>"
        : ""
      return
        "<rect class=\"f0\" x=\"\(left.pixels)\" y=\"\(place.top.pixels)\" width=\"\(Self.node)\" height=\"\(place.height.pixels)\"><title>\(ClusterRecord.label(cluster))</title></rect>\(label)"
    }.joined()
  }
}
