import Core
import Foundation
import Store

/// What is asked for by `radiologynetctl similar`.
package struct SimilarityQuery: Sendable, Equatable {
  /// The key of a unit or of its study, or its beginning.
  package var key: String
  package var count: Int
  package var block: Block?

  /// How many units may be asked for.
  package static let counts = 1...1_000

  package init(key: String, count: Int = 20, block: Block? = nil) {
    self.key = key
    self.count = count
    self.block = block
  }

  /// Finds similar units, with what is shown of them.
  ///
  /// - Parameter index: of the store and the generation in force.
  /// - Throws: `SimilarityError`, `StoreError`.
  package func answer(_ index: SimilarityIndex, in store: any Store) throws -> SimilarUnits {
    let key = try unit(in: store)
    let neighbours = try index.nearest(to: key, count: count, block: block, in: store)
    let names = Dictionary(uniqueKeysWithValues: try store.clusters().map { ($0.id, $0.name) })
    let likeness = Likeness(index.layout)
    let own = try store.unit(key)
    let rows = try neighbours.compactMap { neighbour -> SimilarUnits.Row? in
      guard let unit = try store.unit(neighbour.unitKey), let own else { return nil }
      return SimilarUnits.Row(
        unit, distance: neighbour.distance, clusterName: names[unit.cluster] ?? nil,
        isNearDuplicate: try likeness.areNearDuplicates(own, unit, in: store))
    }
    return SimilarUnits(unitKey: key, block: block?.name, rows: rows)
  }

  /// The only unit that the key means.
  private func unit(in store: any Store) throws -> String {
    if try store.unit(key) != nil { return key }
    let found = key.isEmpty ? [] : try store.unitKeys(startingWith: key, limit: 4)
    guard let first = found.first else { throw SimilarityError.unknown(key) }
    guard found.count == 1 else { throw SimilarityError.ambiguous(key, found) }
    return first
  }
}

extension SimilarityIndex {
  /// The bundle of the generation in force, and its layout.
  ///
  /// - Parameter bundles: the folder of the bundles.
  /// - Throws: `SimilarityError` without a generation; `StoreError`; `FileError` and `DecodingError` for a damaged bundle.
  package static func current(_ store: any Store, bundles: String) throws -> (
    bundle: String, layout: BlockLayout
  ) {
    guard let bundle = try store.generations().first?.bundle else {
      throw SimilarityError.noGeneration
    }
    // The layout alone: models aren't needed.
    struct Manifest: Decodable { let layout: BlockLayout }
    let manifest = try asOwner(of: store.place.parentFolder) {
      try readFile("\(bundles)/\(bundle)/manifest.json")
    }
    return (bundle, try JSONDecoder().decode(Manifest.self, from: manifest).layout)
  }
}
