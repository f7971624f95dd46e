import Core
import Features
import Testing

@Suite struct TagTests {
  private static func unit(_ index: Int) -> TagValues {
    [
      "Modality": index % 2 == 0 ? "CT" : "MR", "KVP": index % 2 == 0 ? "120" : "",
      "SliceThickness": String(1 + index % 5), "Manufacturer": ["A", "B", "C"][index % 3],
      "ImageType": index % 4 == 0 ? "ORIGINAL\\PRIMARY" : "DERIVED\\PRIMARY",
    ].filter { !$0.value.isEmpty }
  }

  private static func fit(_ units: [TagValues], leaking: Bool = true) throws -> TagEncoder? {
    try TagEncoder(
      fitting: units, studies: Array(units.indices), leaking: leaking,
      ReductionSettings(.pca, components: 16, seed: 1))
  }

  private static let encoder = try? fit((0..<200).map(unit))

  @Test func `equal tags give equal vectors, different tags don't`() throws {
    let encoder = try #require(Self.encoder)
    let vectors = try [3, 63, 4].map { try encoder.encode(Self.unit($0)) }
    #expect(vectors[0] == vectors[1])
    #expect(vectors[0] != vectors[2])
  }

  @Test func `unknown categories are all "other"`() throws {
    let encoder = try #require(Self.encoder)
    var first = Self.unit(0)
    first["Manufacturer"] = "never seen"
    var second = first
    second["Manufacturer"] = "nor this one"
    let vectors = try [first, second].map(encoder.encode)
    #expect(vectors[0] == vectors[1])
  }

  @Test func `absent, empty and garbled numbers are treated alike`() throws {
    let encoder = try #require(Self.encoder)
    var tags = Self.unit(0)
    tags["SliceThickness"] = "thick"
    var absent = tags
    absent["SliceThickness"] = nil
    var infinite = tags
    infinite["SliceThickness"] = "1e400"
    let vectors = try [tags, absent, infinite].map(encoder.encode)
    #expect(vectors[0] == vectors[1])
    #expect(vectors[2]?.allSatisfy { $0.isFinite } == true)
  }

  @Test func `units without tags have no vector, and don't change those of others`() throws {
    let units = (0..<200).map(Self.unit)
    let fitted = try Self.fit(units + [TagValues](repeating: [:], count: 100))
    let encoder = try #require(fitted)
    #expect(try encoder.encode([:]) == nil)
    #expect(try encoder.encode(["PatientName": "no tag of ours"]) == nil)
    #expect(try encoder.encode(units[0]) == Self.encoder?.encode(units[0]))
  }

  @Test func `blind encoders don't see what clusters are judged by`() throws {
    let fitted = try Self.fit((0..<200).map(Self.unit), leaking: false)
    let blind = try #require(fitted)
    var changed = Self.unit(0)
    changed["Modality"] = "MR"
    let vectors = try [changed, Self.unit(0)].map(blind.encode)
    #expect(vectors[0] == vectors[1])
  }

  @Test func `tags that never vary train no encoder`() throws {
    let encoder = try Self.fit([TagValues](repeating: ["Modality": "CT"], count: 50))
    #expect(encoder == nil)
  }

  @Test(arguments: 0..<5 as Range<UInt64>)
  func `a summary doesn't depend on the order`(_ seed: UInt64) {
    let instances = (0..<9).map(Self.unit)
    var generator = SeededGenerator(seed: seed)
    #expect(
      AcquisitionTag.summary(instances)
        == AcquisitionTag.summary(instances.shuffled(using: &generator)))
  }

  @Test func `a summary takes medians and modes, value by value`() {
    let summary = AcquisitionTag.summary([
      ["SliceThickness": "1", "PixelSpacing": "0.5\\0.7", "Modality": "CT"],
      ["SliceThickness": "5", "PixelSpacing": "0.6\\0.6", "Modality": "CT"],
      ["SliceThickness": "2", "PixelSpacing": "0.7\\0.5", "Modality": "SR"],
    ])
    #expect(summary == ["SliceThickness": "2", "PixelSpacing": "0.6\\0.6", "Modality": "CT"])
  }
}
