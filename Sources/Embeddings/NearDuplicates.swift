import Clustering
import Core
import Store

/// Units of an archive that show the same picture, or nearly.
package struct NearDuplicates: Sendable {
  /// Two units, and the distance of their image vectors in standard deviations.
  package struct Pair: Sendable, Equatable {
    package var first: String
    package var second: String
    package var distance: Double
  }

  /// In order of keys, the smaller one first.
  package let pairs: [Pair]
  /// Study by unit, of the units in pairs.
  package let studies: [String: String]

  /// Compares all units under a bundle.
  ///
  /// - Throws: `StoreError`.
  package init(_ store: any Store, bundle: String, layout: BlockLayout) throws {
    let likeness = Likeness(layout)
    let range = layout.range(of: .image)
    var keys: [String] = []
    var vectors: [Float] = []
    if !range.isEmpty, likeness.unit > 0 {
      try store.vectors(bundle: bundle) { unit, vector in
        guard unit.mask.contains(.image), vector.count == layout.dimensions else { return }
        keys.append(unit.unitKey)
        vectors.append(contentsOf: vector[range].lazy.map { $0 / Float(likeness.unit) })
      }
    }
    let near = closePairs(
      Matrix(rows: keys.count, columns: range.count, values: vectors), within: Likeness.reach)
    struct Shown {
      let study: String
      let severalImages: Bool
      let picture: Picture?
    }
    var shown: [Int: Shown] = [:]
    func look(_ row: Int) throws -> Shown? {
      if let known = shown[row] { return known }
      guard let unit = try store.unit(keys[row]) else { return nil }
      shown[row] = Shown(
        study: unit.studyKey, severalImages: unit.instances > 1,
        picture: try Picture(of: keys[row], in: store))
      return shown[row]
    }
    var pairs: [Pair] = []
    var studies: [String: String] = [:]
    for pair in near {
      guard let first = try look(pair.first), let second = try look(pair.second),
        first.study != second.study,
        likeness.isNearDuplicate(
          distance: pair.distance, severalImages: first.severalImages || second.severalImages,
          pictures: (first.picture, second.picture))
      else { continue }
      pairs.append(
        Pair(first: keys[pair.first], second: keys[pair.second], distance: pair.distance))
      studies[keys[pair.first]] = first.study
      studies[keys[pair.second]] = second.study
    }
    self.pairs = pairs
    self.studies = studies
  }

  /// Units that are linked by pairs, in any number of steps; each group in order of keys, groups by their first.
  package var groups: [[String]] {
    var sets = KeyGroups()
    for pair in pairs { sets.link(pair.first, pair.second) }
    return sets.groups
  }
}

/// Keys in groups: a union–find whose roots are the smallest keys.
package struct KeyGroups: Sendable {
  private var parents: [String: String] = [:]

  package init() {}

  package mutating func link(_ first: String, _ second: String) {
    let roots = [smallest(of: first), smallest(of: second)].sorted()
    for key in [first, second] where parents[key] == nil { parents[key] = key }
    parents[roots[1]] = roots[0]
  }

  /// The smallest key of a key's group; the key itself if it is in none.
  package func smallest(of key: String) -> String {
    var key = key
    while let parent = parents[key], parent != key { key = parent }
    return key
  }

  package var groups: [[String]] {
    Dictionary(grouping: parents.keys) { smallest(of: $0) }.values.map { $0.sorted() }
      .sorted { $0[0] < $1[0] }
  }
}
