import Core
import Store
import TestSupport

/// The implementations of `Store`. Each passes every test in this folder.
enum StoreKind: String, CaseIterable {
  case sqlite

  /// An empty store.
  ///
  /// - Parameter name: distinguishes several stores in a folder.
  func location(in folder: TemporaryFolder, _ name: String = "store") -> StoreLocation {
    switch self {
    case .sqlite: StoreLocation(path: "\(folder.path)/\(name).sqlite")
    }
  }
}

/// One empty store with its folder.
struct FreshStore {
  let folder: TemporaryFolder
  let store: any Store

  init(_ kind: StoreKind) throws {
    folder = try TemporaryFolder()
    store = try kind.location(in: folder).open()
  }
}

extension UnitRecord {
  /// A unit that is its whole study, with defaults for values that don't matter.
  init(
    _ key: String, sequence: Int = 1, bundle: String = "b", values: [Float] = [1, 2],
    mask: BlockMask = .all, cluster: Int = 1, window: Int? = nil, modality: String? = "CT"
  ) {
    self.init(
      unitKey: key, studyKey: key, revision: 1, lastSequence: sequence, bundle: bundle,
      embedding: Embedding(values: values, mask: mask), cluster: cluster,
      windowGeneration: window, instances: 1, frames: 1, modality: modality, bodyPart: nil,
      decodePath: "native")
    firstSequence = sequence
  }
}

extension InstanceRecord {
  init(_ key: String, digest: String = "d", image: [Float] = [0.5], tags: TagValues? = nil) {
    self.init(
      instanceKey: key, seriesKey: "series", digest: digest, hasPixels: true, frames: 1,
      image: image, tags: tags, bodyPart: nil, decodePath: "native")
  }
}
