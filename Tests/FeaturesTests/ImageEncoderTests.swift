import Core
import Foundation
import Testing

@testable import Features

@Suite struct ImageEncoderTests {
  private static let vocabulary = Configuration.Vocabulary(language: "english", minimumPatients: 3)

  /// Stripes in three directions, which the reports name, on backgrounds of any brightness.
  private static func units(_ count: Int) -> [TrainingUnit] {
    var generator = SeededGenerator(seed: 9)
    let words = [
      ["lung", "pleura", "cough"], ["femur", "tibia", "knee"], ["brain", "skull", "stroke"],
    ]
    return (0..<count).map { (index: Int) -> TrainingUnit in
      let kind = index % 3
      let images = (0..<2).map { (_: Int) -> GreyImage in
        let phase = Int(generator.next() % 16)
        let ground = Int(generator.next() % 100)
        return GreyImage(
          side: 64,
          pixels: (0..<64 * 64).map { (place: Int) -> UInt8 in
            let (x, y) = (place % 64, place / 64)
            let along = [x, y, x + y][kind] + phase
            return UInt8(ground + (along / 8 % 2) * 100 + Int(generator.next() % 50))
          })
      }
      return TrainingUnit(
        study: "s\(index)", patient: "p\(index)", images: images,
        tags: ["KVP": "\(80 + kind * 20)", "Manufacturer": "M\(index % 5)"],
        text: Redacted(words[kind].joined(separator: " ")), names: Redacted([]),
        digests: ["\(index)"])
    }
  }

  private static func encoder(_ method: Configuration.ImageMethod, _ units: [TrainingUnit]) throws
    -> ImageEncoder
  {
    try ImageEncoder(
      fitting: units, studies: ModelBundle.studyNumbers(units),
      ImageSettings(method, components: 8, gridSide: 64, vocabulary: vocabulary, seed: 1))
  }

  @Test(arguments: [Configuration.ImageMethod.hog, .hogRidge])
  func `images of one kind are nearest, and a decoded encoder gives the same bits`(
    _ method: Configuration.ImageMethod
  ) throws {
    let units = Self.units(90)
    let encoder = try Self.encoder(method, Array(units[..<60]))
    let read = try JSONDecoder().decode(ImageEncoder.self, from: JSONEncoder().encode(encoder))
    let vectors = try units[60...].map { try #require(try encoder.encode(unit: $0.images)) }
    #expect(try units[60...].map { try #require(try read.encode(unit: $0.images)) } == vectors)
    func product(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    for (index, vector) in vectors.enumerated() {
      #expect(abs(product(vector, vector) - 1) < 1e-5)
      let nearest = vectors.indices.filter { $0 != index }.max {
        product(vectors[$0], vector) < product(vectors[$1], vector)
      }
      #expect(nearest.map { $0 % 3 } == index % 3)
    }
  }

  @Test func `reports change how features are weighted`() throws {
    let units = Self.units(60)
    #expect(try Self.encoder(.hogRidge, units) != Self.encoder(.hog, units))
  }

  /// Without reports and tags there is nothing to predict.
  @Test func `without anything to predict, regression falls back to PCA`() throws {
    let units = Self.units(30).map { unit in
      var unit = unit
      (unit.text, unit.tags) = (nil, [:])
      return unit
    }
    let vector = try Self.encoder(.hogRidge, units).encode(unit: units[0].images)
    #expect(vector?.allSatisfy(\.isFinite) == true)
  }

  /// As in bundles of earlier versions.
  @Test func `an encoder without features uses pixels`() throws {
    let units = Self.units(20)
    let encoder = try Self.encoder(.pca, units)
    let text = String(decoding: try JSONEncoder().encode(encoder), as: UTF8.self)
    #expect(!text.contains("features"))
    let mean = try #require(ModelBundle.mean(try units[0].images.map { try encoder.encode($0) }))
    #expect(encoder.unitVector(mean) == mean)
  }
}
