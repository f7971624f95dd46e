import Core
import Foundation
import Store

/// The points of the map as a script that assigns them to a variable: pages that are opened from disk can't load other
/// data. Coordinates and the numbers of values are unsigned 16-bit numbers, little-endian, in Base64.
struct MapData {
  private let archive: Archive
  private let hasPage: ((String) -> Bool)?

  /// Coordinates go from 0 to this.
  private static let scale = 65_535.0

  /// - Parameter hasPage: whether a unit has a page; `nil` if all have.
  init(_ archive: Archive, hasPage: ((String) -> Bool)?) {
    self.archive = archive
    self.hasPage = hasPage
  }

  var script: String {
    let units = archive.map.units
    let layouts = archive.map.layouts.map { layout -> JSON in
      let (x, y) = (
        Axis(layout.x, Self.scale, margin: 2_000), Axis(layout.y, Self.scale, margin: 2_000)
      )
      return [
        "name": .string(layout.name), "x": Self.packed(layout.x.map { UInt16(x.place($0)) }),
        "y": Self.packed(layout.y.map { UInt16(y.place($0)) }),
      ]
    }
    let data: JSON = [
      "keys": .string(units.map { PagePath.isName($0.key) ? $0.key : "" }.joined(separator: " ")),
      // 1 for a unit with a page.
      "pages": hasPage.map { has in Self.packed(units.map { has($0.key) ? 1 : 0 }) } ?? .null,
      "layouts": .array(layouts), "colours": .array(colours),
      "clusters": .array(archive.clusters.map { .string($0.label) }),
      "titles": .array(archive.clusters.map { .string($0.title) }),
    ]
    return "var radiologynetMap = \(data.encoded);\n"
  }

  private var colours: [JSON] {
    let units = archive.map.units
    let numbers = Dictionary(
      uniqueKeysWithValues: archive.clusters.enumerated().map { ($1.record.id, $0) })
    let trusts = ClusterTrust.allCases.map(\.rawValue)
    let trustOf = archive.clusters.map { trusts.firstIndex(of: $0.record.trust) ?? 0 }
    // A cluster that ended while the archive was read is drawn as the first.
    let clusters = units.map { numbers[$0.cluster] ?? 0 }
    return [
      Self.colour("modality", archive.modality, units.map(\.modality)),
      Self.colour("body part", archive.bodyPart, units.map(\.bodyPart)),
      [
        "name": "cluster", "values": .array(archive.clusters.map { .string($0.label) }),
        "of": Self.packed(clusters.map { UInt16(clamping: $0) }),
      ],
      [
        "name": "trust", "values": .array(trusts.map(JSON.string)),
        "of": Self.packed(
          clusters.map { UInt16(trustOf.indices.contains($0) ? trustOf[$0] : 0) }),
      ],
    ]
  }

  private static func colour(_ name: String, _ mix: Mix, _ values: [String]) -> JSON {
    let palette = Palette(mix)
    return [
      "name": .string(name), "values": .array(palette.names.map(JSON.string)),
      "of": packed(values.map { UInt16(palette.number($0)) }),
    ]
  }

  private static func packed(_ numbers: [UInt16]) -> JSON {
    var bytes = Data(capacity: 2 * numbers.count)
    for number in numbers {
      bytes.append(UInt8(number & 0xff))
      bytes.append(UInt8(number >> 8))
    }
    return .string(bytes.base64EncodedString())
  }
}
