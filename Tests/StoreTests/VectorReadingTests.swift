import Core
import Foundation
import TestSupport
import Testing

@testable import Store

@Suite struct VectorReadingTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path + "/s.sqlite"
  }

  private static func keys(_ name: String, _ count: Int) -> [String] {
    var generator = SeededGenerator(seed: 1)
    return (0..<count).map { index in
      switch name {
      case "hexadecimal":
        hexadecimal((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
      case "rising": String(format: "%032x", index)
      case "uids": "1.2.276.0.\(Int.random(in: 0..<1_000_000, using: &generator)).\(index)"
      case "mixed":
        (index % 2 == 0 ? "2.25.\(index)" : "1.3.\(index)") + (index % 5 == 0 ? "-" : "")
      default: "\(name) \(index)"
      }
    }
  }

  private func fill(_ keys: [String]) throws -> Store {
    let store = try Store(path: path)
    try store.transaction {
      for (index, key) in keys.enumerated() {
        try store.save(
          UnitRecord(
            unitKey: key, studyKey: key, revision: 1, lastSequence: index,
            bundle: index % 7 == 0 ? "other" : "b",
            embedding: Embedding(values: [Float(index), -1], mask: [BlockMask(.image)]),
            cluster: index % 3, windowGeneration: nil, instances: 1, frames: 1, modality: "CT",
            bodyPart: nil, decodePath: "native"))
      }
    }
    return store
  }

  @Test(
    arguments: ["hexadecimal", "rising", "uids", "mixed", "Größe"], [0, 1, 2, 3_000])
  func `what several connections read is what one reads`(kind: String, count: Int) throws {
    let store = try fill(Self.keys(kind, count))
    var expected: [String] = []
    try store.vectors(bundle: "b") { unit, vector in
      expected.append("\(unit.unitKey) \(unit.lastSequence) \(unit.cluster) \(vector[0])")
    }
    var read: [String] = []
    try VectorReading.run(path, bundle: "b") { part in
      for (index, unit) in part.units.enumerated() {
        read.append("\(unit.unitKey) \(unit.lastSequence) \(unit.cluster) \(part[index].first!)")
      }
    }
    #expect(read == expected)
    #expect(expected.count == (0..<count).count { $0 % 7 != 0 })
  }

  @Test(arguments: ["hexadecimal", "rising", "uids"])
  func `ranges of common keys are of about one size`(kind: String) {
    let keys = Self.keys(kind, 10_000).sorted()
    let ranges = KeyRanges.even(from: keys.first!, through: keys.last!, 64)
    let sizes = ranges.map { range in keys.count { range.contains($0) } }
    #expect(sizes.reduce(0, +) == keys.count)
    #expect(ranges.count == 64)
    #expect(sizes.max()! < 4 * keys.count / 64)
  }

  @Test func `a reader's error ends the reading`() throws {
    struct Enough: Error {}
    _ = try fill(Self.keys("hexadecimal", 2_000))
    #expect(throws: Enough.self) {
      try VectorReading.run(path, bundle: "b") { _ in throw Enough() }
    }
    #expect(throws: FileError.self) {
      try VectorReading.run(path + "-none", bundle: "b") { _ in }
    }
  }
}
