import Core
import Foundation
import Store

extension Archive {
  private static let (mapWidth, mapHeight) = (960.0, 640.0)

  /// The fused vectors in two dimensions.
  var mapPage: Page {
    let palette = Palette(modality)
    let (x, y) = (
      Axis(map.points.map(\.x), Self.mapWidth), Axis(map.points.map(\.y), Self.mapHeight)
    )
    let groups = Dictionary(grouping: map.points) { palette.number($0.modality) }
    let dots = groups.sorted { $0.key < $1.key }.map { hue, points in
      let circles = points.map {
        "<circle cx=\"\(x.place($0.x).pixels)\" cy=\"\(y.place($0.y).pixels)\" r=\"2.4\"/>"
      }.joined()
      return "<g class=\"f\(hue)\" opacity=\".65\">\(circles)</g>"
    }.joined(separator: "\n")
    let shares = map.shares.map { String(format: "%.0f", 100 * $0) + " %" }.joined(
      separator: " and ")
    return Page(
      "map.html", title: "Map",
      """
      <p>\(Figure.count(map.points.count)) units by their fused vectors; near ones are alike. The axes are the first two
      principal components, which show \(shares) of the variance, so units that are close here may still differ.</p>
      \(palette.legend)
      <div class="scroll"><svg class="wide" viewBox="0 0 \(Self.mapWidth) \(Self.mapHeight)" role="img" aria-labelledby="map-title">
      <title id="map-title">Units in two dimensions, coloured by modality; labels are the largest clusters, all of them in the table of clusters</title>
      \(dots)
      \(labels(x, y))
      </svg></div>
      """)
  }

  /// Labels of clusters, largest first, without those that would cover a larger cluster's label.
  private func labels(_ x: Axis, _ y: Axis) -> String {
    let places = Dictionary(uniqueKeysWithValues: map.centers.map { ($0.cluster, $0) })
    var taken: [(x: Double, y: Double)] = []
    return clusters.compactMap { cluster -> String? in
      guard let place = places[cluster.record.id] else { return nil }
      let (left, top) = (x.place(place.x), y.place(place.y))
      guard !taken.contains(where: { abs($0.x - left) < 44 && abs($0.y - top) < 15 }) else {
        return nil
      }
      taken.append((left, top))
      return """
        <a href="clusters/\(cluster.label).html"><title>\(cluster.title.escaped)</title>
        <text x="\(left.pixels)" y="\(top.pixels)" text-anchor="middle" font-weight="600" paint-order="stroke" stroke="var(--paper)" stroke-width="3">\(cluster.label)</text></a>
        """
    }.joined(separator: "\n")
  }

  /// Maps values to coordinates; the outermost 0.5 % on each side are drawn in the margin.
  private struct Axis {
    private let (low, scale, length): (Float, Double, Double)

    init(_ values: [Float], _ length: Double) {
      let sorted = values.sorted()
      let cut = sorted.count / 200
      let (first, last) = sorted.isEmpty ? (0, 1) : (sorted[cut], sorted[sorted.count - 1 - cut])
      low = first
      scale = (length - 60) / Double(max(last - first, 1e-9))
      self.length = length
    }

    func place(_ value: Float) -> Double {
      min(max(30 + Double(value - low) * scale, 8), length - 8)
    }
  }
}
