import Core
import Foundation
import TestSupport
import Testing

@testable import Features

@Suite struct SemanticTests {
  private static func training(steps: Int, checkpoint: String? = nil) -> SemanticTraining {
    var training = SemanticTraining(seed: 3)
    training.side = 32
    training.width = 4
    training.threads = 1
    training.steps = steps
    training.batch = 32
    training.rate = 3e-3
    training.checkpoint = checkpoint
    return training
  }

  /// Stripes in either direction, a chequered pattern, or specks: reports name them, tags give their width.
  private static func studies(_ count: Int, reported: Bool = true, tagged: Bool = true)
    -> [SemanticStudy]
  {
    var generator = SeededGenerator(seed: 4)
    return (0..<count).map { _ in
      let pattern = Int(generator.next() % 4)
      let wide = Int(generator.next() % 2)
      let images = (0..<2).map { _ -> [Float] in
        let (x, y) = (generator.uniform() * 8, generator.uniform() * 8)
        let step = wide == 0 ? 0.35 : 1.4
        return (0..<32 * 32).map { pixel in
          let along = sin((Double(pixel % 32) + x) * step)
          let across = sin((Double(pixel / 32) + y) * step)
          let value = [along, across, along * across, generator.uniform() < 0.1 ? 1 : -1][pattern]
          return Float(0.5 + 0.4 * value)
        }
      }
      var text = [Float](repeating: 0, count: 5)
      text[pattern] = 0.8
      text[4] = 0.6
      return SemanticStudy(
        images: images, terms: reported ? [pattern, 9] : nil, text: reported ? text : nil,
        tags: tagged ? [Float(wide), Float(-wide), 1] : nil)
    }
  }

  /// What only held-out studies have can't be learnt, and is not a target.
  @Test func `a report only in a held-out study does no harm`() throws {
    let studies = Self.studies(16).enumerated().map { index, study in
      var study = study
      if index % 8 != 7 { (study.terms, study.text) = (nil, nil) }
      return study
    }
    #expect(try Self.training(steps: 1).fit(studies).heldOut.text == 0)
  }

  @Test func `our own convolutions give libtorch's features`() throws {
    var studies = Self.studies(40)
    for (side, width) in [(32, 4), (64, 16), (96, 8)] {
      var generator = SeededGenerator(seed: 2)
      for index in studies.indices {
        studies[index].images = [(0..<side * side).map { _ in Float(generator.uniform()) }]
      }
      let targets = SemanticTargets(studies)
      let network = try SemanticNetwork(targets, side: side, width: width, seed: 1, threads: 1)
      for step in 0..<3 {
        _ = try network.step(
          studies.flatMap { $0.images[0] }, targets.rows(studies), rate: 1e-2, seed: UInt64(step))
      }
      let frozen = ResidualNetwork(
        side: side, width: width, trained: network.state, heldOut: SemanticLosses(), steps: 3)
      for picture in studies.prefix(4).map({ $0.images[0] }) {
        let mirrored = (0..<side * side).map { picture[$0 / side * side + side - 1 - $0 % side] }
        let both = try network.features(picture + mirrored)
        let expected = zip(both.prefix(8 * width), both.suffix(8 * width)).map { ($0 + $1) / 2 }
        let ours = frozen.features(picture)
        let length = expected.map { $0 * $0 }.reduce(0, +).squareRoot()
        let error = zip(ours, expected).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
        #expect(length > 0.01)
        #expect(error < 1e-5 * length, "side \(side): \(error / length)")
      }
    }
  }

  /// The best constant prediction has a loss of 0.28 for the text and 0.97 for the tags.
  @Test func `it learns to predict reports and tags from pictures`() throws {
    let network = try Self.training(steps: 300).fit(Self.studies(160))
    #expect(network.heldOut.text < 0.1, "\(network.heldOut)")
    #expect(network.heldOut.tags < 0.4, "\(network.heldOut)")
    #expect(network.steps > 0)
  }

  @Test func `studies without a report or without tags take part`() throws {
    let whole = Self.studies(160)
    let mixed = whole.enumerated().map { index, study in
      var study = study
      if index % 3 == 1 { (study.terms, study.text) = (nil, nil) }
      if index % 3 == 2 { study.tags = nil }
      return study
    }
    let network = try Self.training(steps: 300).fit(mixed)
    #expect(network.heldOut.text < 0.15, "\(network.heldOut)")
    #expect(network.heldOut.tags < 0.4, "\(network.heldOut)")
  }

  /// Without reports, pictures of one study must be separated from all others; chance is ln 39 = 3.66, and studies of
  /// one pattern look alike.
  @Test(arguments: [true, false])
  func `without reports it learns from pictures of one study`(_ tagged: Bool) throws {
    let studies = Self.studies(160, reported: false, tagged: tagged)
    let network = try Self.training(steps: 200).fit(studies)
    #expect(network.heldOut.text == 0 && network.heldOut.terms == 0)
    #expect(tagged == (network.heldOut.tags > 0))
    #expect(0.1..<3.2 ~= network.heldOut.contrast, "\(network.heldOut)")
    #expect(network.features(studies[0].images[0]).allSatisfy { $0.isFinite })
  }

  @Test func `the seed determines the model`() throws {
    let studies = Self.studies(40)
    var training = Self.training(steps: 5)
    let model = try training.fit(studies)
    #expect(try training.fit(studies) == model)
    training.seed += 1
    #expect(try training.fit(studies) != model)
  }

  @Test func `concurrent training gives the same model`() async throws {
    let studies = Self.studies(40)
    let alone = try Self.training(steps: 5).fit(studies)
    try await withThrowingTaskGroup(of: ResidualNetwork.self) { group in
      for _ in 0..<3 { group.addTask { try Self.training(steps: 5).fit(studies) } }
      for try await model in group { #expect(model == alone) }
    }
  }

  @Test func `an interrupted training resumes to exactly the same model`() throws {
    let folder = try TemporaryFolder()
    let studies = Self.studies(40)
    let path = folder.path + "/c"
    let whole = try Self.training(steps: 60).fit(studies)
    var asked = 0
    #expect(throws: CancellationError.self) {
      try Self.training(steps: 60, checkpoint: path).fit(studies) {
        asked += 1
        return asked == 31
      }
    }
    var messages: [String] = []
    var training = Self.training(steps: 60, checkpoint: path)
    training.progress = { messages.append($0) }
    #expect(try training.fit(studies) == whole)
    #expect(messages.first == "resuming after step 30")
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test(arguments: ["", "{}", "not json"])
  func `an unrelated checkpoint is not resumed`(_ content: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("c", content)
    var messages: [String] = []
    var training = Self.training(steps: 1, checkpoint: path)
    training.progress = { messages.append($0) }
    _ = try training.fit(Self.studies(4))
    #expect(messages.count == 1)
  }

  @Test func `a frozen network gives the same features to the last bit in any thread`() async throws
  {
    let studies = Self.studies(20)
    let model = try Self.training(steps: 3).fit(studies)
    let read = try JSONDecoder().decode(ResidualNetwork.self, from: JSONEncoder().encode(model))
    #expect(read == model)
    let features = studies.map { model.features($0.images[0]) }
    #expect(Set(features).count == 20)
    await withTaskGroup(of: [[Float]].self) { group in
      for _ in 0..<4 {
        group.addTask { studies.reversed().map { read.features($0.images[0]) }.reversed() }
      }
      for await result in group { #expect(result == features) }
    }
  }

  @Test func `weights of another network are refused`() throws {
    let model = try Self.training(steps: 1).fit(Self.studies(4))
    let text = String(decoding: try JSONEncoder().encode(model), as: UTF8.self)
    for (from, to) in [("\"width\":4", "\"width\":5"), ("\"side\":32", "\"side\":33")] {
      #expect(text.contains(from))
      let changed = Data(text.replacing(from, with: to).utf8)
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(ResidualNetwork.self, from: changed)
      }
    }
  }
}
