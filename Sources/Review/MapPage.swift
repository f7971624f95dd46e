import Core
import Foundation
import Store

extension Archive {
  private static let (mapWidth, mapHeight) = (960.0, 640.0)
  /// Points drawn for browsers that run no script.
  private static let drawn = 4_000

  /// The fused vectors in two dimensions. A script replaces the drawing by a map that shows every point, its picture
  /// and its page.
  var mapPage: Page {
    let palette = Palette(modality)
    let shares = map.shares.map { String(format: "%.0f", 100 * $0) + " %" }
      .joined(separator: " and ")
    return page(
      "map.html", title: "Map", scripts: [Script.dataPath, Script.mapPath],
      """
      <p>\(Figure.count(map.units.count)) units by their fused vectors; near ones are alike. The first view shows the first
      two principal components, with \(shares) of the variance, so units that are close there may still differ.</p>
      <div id="map-tools" class="review" hidden>
      <label>Colours<br><select id="colours"></select></label>
      <label>Layout<br><select id="layout"></select></label>
      <p class="soft">Point at a unit for its picture, click it for its page. Wheel or + and − zoom, dragging moves; with
      the arrow keys go from unit to unit, Enter opens.</p>
      </div>
      <div id="legend">\(palette.legend)</div>
      <div id="map">\(drawing(palette))</div>
      """)
  }

  private func drawing(_ palette: Palette) -> String {
    guard let layout = map.layouts.first else { return "" }
    let (x, y) = (Axis(layout.x, Self.mapWidth), Axis(layout.y, Self.mapHeight))
    let shown = Array(map.units.indices).evenlySpread(atMost: Self.drawn)
    let groups = Dictionary(grouping: shown) { palette.number(map.units[$0].modality) }
    let dots = groups.sorted { $0.key < $1.key }.map { hue, points in
      let circles = points.map {
        "<circle cx=\"\(x.place(layout.x[$0]).pixels)\" cy=\"\(y.place(layout.y[$0]).pixels)\" r=\"2.4\"/>"
      }.joined()
      return "<g class=\"f\(hue)\" opacity=\".65\">\(circles)</g>"
    }.joined(separator: "\n")
    return """
      <svg class="map" viewBox="0 0 \(Self.mapWidth) \(Self.mapHeight)" role="group" aria-label="Units in two dimensions, coloured by modality; labels are the largest clusters, all of them in the table of clusters">
      \(dots)
      \(labels(x, y))
      </svg>
      """
  }

  /// Labels of clusters, largest first, without those that would cover a larger cluster's label; on narrow screens,
  /// where letters are larger than the drawing, fewer.
  private func labels(_ x: Axis, _ y: Axis) -> String {
    let places = Dictionary(uniqueKeysWithValues: map.centers.map { ($0.cluster, $0) })
    var (taken, takenWide): ([(x: Double, y: Double)], [(x: Double, y: Double)]) = ([], [])
    return clusters.compactMap { cluster -> String? in
      guard let place = places[cluster.record.id] else { return nil }
      let (left, top) = (x.place(place.x), y.place(place.y))
      guard !taken.contains(where: { abs($0.x - left) < 44 && abs($0.y - top) < 15 }) else {
        return nil
      }
      taken.append((left, top))
      let isMinor = takenWide.contains { abs($0.x - left) < 110 && abs($0.y - top) < 38 }
      if !isMinor { takenWide.append((left, top)) }
      return """
        <a href="\(PagePath.cluster(cluster.label))"\(isMinor ? " class=\"minor\"" : "")><title>\(cluster.title.escaped)</title>
        <text x="\(left.pixels)" y="\(top.pixels)" text-anchor="middle" font-weight="600" paint-order="stroke" stroke="var(--paper)" stroke-width="3">\(cluster.label)</text></a>
        """
    }.joined(separator: "\n")
  }
}

/// Maps values to coordinates; the outermost 0.5 % on each side are drawn in the margin.
struct Axis {
  private let (low, scale, length, margin): (Float, Double, Double, Double)

  init(_ values: [Float], _ length: Double, margin: Double = 30) {
    let sorted = values.sorted()
    let cut = sorted.count / 200
    let (first, last) = sorted.isEmpty ? (0, 1) : (sorted[cut], sorted[sorted.count - 1 - cut])
    low = first
    scale = (length - 2 * margin) / Double(max(last - first, 1e-9))
    self.length = length
    self.margin = margin
  }

  func place(_ value: Float) -> Double {
    min(max(margin + Double(value - low) * scale, margin / 4), length - margin / 4)
  }
}
