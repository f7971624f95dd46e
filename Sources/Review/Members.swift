import Clustering
import Core
import Store

/// Keys of the units that represent a cluster on its contact sheet.
package struct Members: Sendable {
  /// The unit with the smallest mean distance to the others.
  package private(set) var medoid: String?
  /// Three rows by distance to the centroid: the medoid and the nearest, those half-way, the farthest.
  package private(set) var rows: [[String]] = []

  static let width = 6
  /// The medoid is chosen among `candidates` units, judged by about `witnesses` others.
  private static let candidates = 32
  private static let witnesses = 128

  /// - Parameters:
  ///   - units: those of the cluster, nearest to the centroid first.
  ///   - layout: the block layout of the vectors.
  init(_ units: [(key: String, distance: Float)], layout: BlockLayout, store: any Store) throws {
    let medoid = try Self.medoid(units.map(\.key), layout, store)
    self.medoid = medoid
    var shown: Set<String> = []
    /// The first `count` units that have a picture and aren't shown yet.
    func take(_ keys: some Sequence<String>, _ count: Int) throws -> [String] {
      var taken: [String] = []
      // Gives up where hardly any unit has a picture.
      for key in keys.lazy.prefix(20 * Self.width) where taken.count < count {
        guard !shown.contains(key), try store.hasThumbnail(key) else { continue }
        shown.insert(key)
        taken.append(key)
      }
      return taken
    }
    let keys = units.map(\.key)
    let first = try take([medoid].compactMap { $0 }, 1)
    rows.append(first + (try take(keys, Self.width - first.count)))
    let farthest = try take(keys.reversed(), Self.width)
    rows.append(try take(keys[(max(0, keys.count / 2 - Self.width / 2))...], Self.width))
    rows.append(farthest.reversed())
  }

  private static func medoid(_ keys: [String], _ layout: BlockLayout, _ store: any Store) throws
    -> String?
  {
    let near = keys.prefix(candidates)
    let step = max(1, keys.count / witnesses)
    let others = stride(from: 0, to: keys.count, by: step).map { keys[$0] }
    var points = Points(layout: layout)
    for key in near + others { try store.unit(key).map { points.append($0.embedding) } }
    guard points.count == near.count + others.count else { return near.first }
    let distances = points.pairwiseDistances()
    let sums = near.indices.map { row in
      (near.count..<points.count).reduce(0.0) { $0 + Double(distances[row, $1]) }
    }
    return sums.indices.min { (sums[$0], $0) < (sums[$1], $1) }.map { near[$0] }
  }
}
