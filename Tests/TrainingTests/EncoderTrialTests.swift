import Core
import Embeddings
import Features
import Testing

@testable import Training

@Suite struct EncoderTrialTests {
  /// Stripes whose direction is named in reports and tags, on backgrounds that cause nearly all of the pixel variance.
  private static func units(_ count: Int) -> [TrainingUnit] {
    var generator = SeededGenerator(seed: 9)
    let words = [
      "lung pleura cough thorax", "femur tibia knee patella", "brain skull stroke artery",
    ]
    return (0..<count).map { (index: Int) -> TrainingUnit in
      let kind = index % 3
      let (ground, phase) = (Int(generator.next() % 150), Int(generator.next() % 8))
      let pixels = (0..<64 * 64).map { (place: Int) -> UInt8 in
        let along = [place % 64, place / 64, place % 64 + place / 64][kind] + phase
        return UInt8(ground + (along / 4 % 2) * 30 + Int(generator.next() % 60))
      }
      return TrainingUnit(
        study: "s\(index)", patient: "p\(index)", images: [GreyImage(side: 64, pixels: pixels)],
        tags: ["KVP": "\(80 + kind * 20)", "Manufacturer": "M\(index % 5)"],
        text: Redacted(words[kind]), names: Redacted([]), digests: ["\(index)"])
    }
  }

  private static func configuration(_ image: String) throws -> Configuration {
    try Configuration(
      TOMLDocument(
        text: """
          [intake]
          input = "/in"
          [decoding]
          side = 64
          [features]
          image = "\(image)"
          image_components = 4
          [clustering]
          k = 4
          """, path: ""))
  }

  /// Compares one kind of encoder, in place of the network, with another in force.
  private static func compare(
    _ method: Configuration.ImageMethod, with current: Configuration.ImageMethod
  ) throws -> EncoderTrial.Outcome {
    let units = units(300)
    let configuration = try configuration(current.rawValue)
    let bundle = try ModelBundle.train(units, configuration: configuration) { _ in }
    let encoder = try ImageEncoder(
      fitting: units, studies: ModelBundle.studyNumbers(units),
      ImageSettings(
        method, components: 4, gridSide: 64, vocabulary: configuration.features.vocabulary, seed: 1)
    )
    return try EncoderTrial(configuration: configuration, current: bundle)
      .compare(encoder, on: units)
  }

  @Test func `an encoder that sees more than brightness is chosen, with the reason`() throws {
    let outcome = try Self.compare(.hog, with: .pca)
    let bundle = try #require(outcome.bundle, "\(outcome.figures)")
    #expect(bundle.manifest.extractors["image"] == "semantic")
    #expect(bundle.manifest.selection?.contains("semantic instead of pca") == true)
    #expect(try bundle.clustering().k == 4)
  }

  @Test func `an encoder that is not better is not chosen`() throws {
    let outcome = try Self.compare(.pca, with: .hog)
    #expect(outcome.bundle == nil, "\(outcome.figures)")
    #expect(try #require(outcome.figures["judged"]?.int) >= 30)
  }

  @Test func `too few studies with images are reported with the number needed`() throws {
    let configuration = try Self.configuration("hog")
    let units = Self.units(40)
    let current = try ModelBundle.train(units, configuration: configuration) { _ in }
    let error = #expect(throws: FeatureError.self) {
      try EncoderTrial(configuration: configuration, current: current).run(
        units, checkpoint: "", cancelled: { false }, progress: { _ in })
    }
    #expect(error?.description.contains("300 are needed") == true)
  }
}
