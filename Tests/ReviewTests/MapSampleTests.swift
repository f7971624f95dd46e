import Core
import Store
import Testing

@testable import Review

@Suite struct MapSampleTests {
  private static func unit(_ number: Int) -> UnitRecord {
    UnitRecord(
      unitKey: "u\(number)", studyKey: "u\(number)", revision: 1, lastSequence: number, bundle: "b",
      embedding: Embedding(values: [Float(number), Float(-number)], mask: .all),
      cluster: number % 3,
      windowGeneration: nil, instances: 1, frames: 1, modality: number % 2 == 0 ? "CT" : nil,
      bodyPart: nil, decodePath: "native")
  }

  private static func sample(_ count: Int, atMost size: Int) -> MapSample {
    var sample = MapSample(atMost: size, seed: 7)
    for number in 0..<count { sample.add(unit(number)) }
    return sample
  }

  @Test func `a small archive is whole, a large one has so many`() {
    #expect(Self.sample(20, atMost: 50).units.map(\.key) == (0..<20).map { "u\($0)" })
    #expect(Self.sample(1_000, atMost: 50).units.count == 50)
  }

  @Test func `vectors stay with their units`() {
    let sample = Self.sample(1_000, atMost: 50)
    #expect(Set(sample.units.map(\.key)).count == 50)
    for (row, unit) in sample.units.enumerated() {
      let number = Int(unit.key.dropFirst()) ?? -1
      #expect(Array(sample.vectors.row(row)) == [Float(number), Float(-number)])
      #expect(unit.cluster == number % 3)
      #expect(unit.modality == (number % 2 == 0 ? "CT" : Mix.unknown))
    }
  }

  @Test func `late units are as likely as early ones`() {
    let late = Self.sample(1_000, atMost: 200).units.count { (Int($0.key.dropFirst()) ?? 0) >= 500 }
    #expect((70...130).contains(late))
  }
}
