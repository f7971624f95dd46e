import Clustering
import Core
import Embeddings
import Features
import Store

/// The exported units with their vectors, under the generation in force.
struct ExportUnits {
  let manifest: ModelBundle.Manifest
  /// Keys in the order of the rows of `points`.
  private(set) var keys: [String] = []
  /// The stored vectors.
  private(set) var points: Points
  private var units: [String: ExportUnit] = [:]

  /// - Parameter generation: the one in force.
  /// - Throws: `StoreError`; `FileError` or `FeatureError` when its bundle can't be read.
  init(
    _ store: any Store, _ generation: GenerationRecord, bundles: String, wanted: Set<String>
  ) throws {
    let bundle = try asOwner(of: store.place.parentFolder) {
      try ModelBundle(contentsOf: bundles + "/" + generation.bundle, programs: .leftOut)
    }
    let layout = bundle.fusion.layout
    let live = try LiveGeneration(generation, layout: layout, store: store)
    manifest = bundle.manifest
    points = Points(layout: layout)
    let positions = live.positions
    try store.units(bundle: generation.bundle) { record in
      guard wanted.contains(record.unitKey), let position = positions[record.cluster] else {
        return
      }
      units[record.unitKey] = ExportUnit(record, live, position: position, row: keys.count)
      keys.append(record.unitKey)
      points.append(record.embedding)
    }
  }

  subscript(key: String) -> ExportUnit? { units[key] }
}
