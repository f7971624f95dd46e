import Core
import Features
import Foundation
import TestSupport
import Testing

@Suite struct BundleTests {
  private static let features = try? Configuration(
    TOMLDocument(text: "[intake]\ninput = \"/in\"\n[features]\nimage_components = 8\n", path: "")
  ).features

  private static func units(_ count: Int) -> [TrainingUnit] {
    var generator = SeededGenerator(seed: 8)
    return (0..<count).map { (index: Int) -> TrainingUnit in
      let kind = index % 3
      let image = GreyImage(
        side: 64,
        pixels: (0..<64 * 64).map { (pixel: Int) -> UInt8 in
          let noise = Int(generator.next() % 40)
          return UInt8((pixel * (kind + 1) / 40 + noise) % 256)
        })
      return TrainingUnit(
        study: "s\(index)", patient: "p\(index)", images: [image],
        tags: ["Modality": ["CT", "MR", "US"][kind], "KVP": String(index % 7)],
        text: Redacted(["lung nodule cough", "brain stroke artery", "liver cyst steatosis"][kind]),
        names: Redacted([]), digests: ["d\(index)"])
    }
  }

  private static func train(_ units: [TrainingUnit]) throws -> ModelBundle {
    try ModelBundle.train(units, features: #require(features), seed: 1, software: "test")
  }

  private static func embed(_ unit: TrainingUnit, _ bundle: ModelBundle) throws -> Embedding {
    let terms = try bundle.text?.makeCounter().terms(unit.text?.revealed ?? "", without: [])
    return try bundle.fusion.fuse([
      bundle.image?.encode(unit: unit.images), bundle.tags?.encode(unit.tags),
      bundle.text?.encode(terms ?? [:]),
    ])
  }

  @Test func `a bundle read back gives the same embeddings to the last bit`() throws {
    let folder = try TemporaryFolder()
    let units = Self.units(30)
    let bundle = try Self.train(units)
    let read = try ModelBundle(contentsOf: bundle.write(below: folder.path))
    #expect(read.hash == bundle.hash)
    for unit in units {
      let (before, after) = (try Self.embed(unit, bundle), try Self.embed(unit, read))
      #expect(before == after)
    }
  }

  @Test func `a bundle works without text when there are too few patients`() throws {
    let units = Self.units(30).map { unit in
      var unit = unit
      unit.patient = "one"
      return unit
    }
    let bundle = try Self.train(units)
    #expect(bundle.text == nil && bundle.fusion.layout.lengths[Block.text.rawValue] == 0)
    _ = try Self.embed(units[0], bundle)
  }

  @Test func `the same training gives the same bundle`() throws {
    let bundle = try Self.train(Self.units(30))
    let same = try Self.train(Self.units(30))
    let other = try Self.train(Self.units(31))
    #expect(bundle.hash == same.hash)
    #expect(bundle.hash != other.hash)
  }

  @Test(arguments: ["image.json", "tags.json", "text.json", "fusion.json"])
  func `a changed file is refused by name`(_ name: String) throws {
    let folder = try TemporaryFolder()
    let path = try Self.train(Self.units(30)).write(below: folder.path)
    var data = try Data(contentsOf: URL(fileURLWithPath: path + "/" + name))
    data[data.count / 2] ^= 1
    try data.write(to: URL(fileURLWithPath: path + "/" + name))
    let error = #expect(throws: FeatureError.self) { try ModelBundle(contentsOf: path) }
    #expect(error?.description.contains(name) == true)
  }

  @Test func `each block's total variance is its weight`() throws {
    let units = Self.units(60)
    let bundle = try Self.train(units)
    let vectors = try units.map { try Self.embed($0, bundle).values }
    for block in Block.allCases {
      let range = bundle.fusion.layout.range(of: block)
      #expect(!range.isEmpty)
      let variance = range.reduce(0.0) { sum, dimension in
        let column = vectors.map { Double($0[dimension]) }
        let mean = column.reduce(0, +) / 60
        return sum + column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 60
      }
      let weight = bundle.fusion.layout.weights[block.rawValue]
      #expect(abs(variance / weight - 1) < 1e-3, "\(block.name)")
    }
  }

  @Test func `a missing block is zero and masked`() throws {
    let units = Self.units(30)
    let bundle = try Self.train(units)
    let embedding = try bundle.fusion.fuse([nil, bundle.tags?.encode(units[0].tags), nil])
    #expect(embedding.mask == BlockMask(.tags))
    #expect(bundle.fusion.layout.range(of: .image).allSatisfy { embedding.values[$0] == 0 })
  }

  @Test func `training without usable data is refused`() {
    #expect(throws: FeatureError.self) { try Self.train(Self.units(1)) }
    let empty = TrainingUnit(
      study: "s", patient: "p", images: [], tags: [:], text: nil, names: Redacted([]), digests: [])
    #expect(throws: FeatureError.self) { try Self.train([empty, empty]) }
  }
}
