import Core
import Foundation
import PNGFiles
import Store
import TestSupport

/// A store in a folder of its own, filled by hand.
struct Fixture {
  static let layout = BlockLayout(lengths: [4, 3, 2], weights: [0.7, 1, 1.2])
  let folder: TemporaryFolder
  let store: any Store

  init() throws {
    folder = try TemporaryFolder()
    store = try StoreLocation(path: folder.path + "/store.sqlite").open()
  }

  /// Annotates a unit, or revises it.
  func save(
    _ key: String, _ values: [Float], _ mask: BlockMask = .all, bundle: String = "b",
    study: String? = nil, instances: Int = 1
  ) throws {
    let known = try store.unit(key)
    let sequence = try store.append(
      Event(known == nil ? .annotation : .revision, ["unit_key": .string(key)]), time: "t")
    try store.save(
      UnitRecord(
        unitKey: key, studyKey: study ?? key, revision: (known?.revision ?? 0) + 1,
        lastSequence: sequence, bundle: bundle, embedding: Embedding(values: values, mask: mask),
        cluster: 1, windowGeneration: nil, instances: instances, frames: 1, modality: "CT",
        bodyPart: nil, decodePath: "native"))
  }

  /// Saves a thumbnail with the given grey values of 48 × 48 pixels.
  func show(_ key: String, _ grey: (_ x: Int, _ y: Int) -> Double) throws {
    let pixels = (0..<48 * 48).map { UInt8(min(max(grey($0 % 48, $0 / 48), 0), 255)) }
    try store.saveThumbnail(
      PNG.encode(pixels, rows: 48, columns: 48), unit: key, instance: key)
  }
}
