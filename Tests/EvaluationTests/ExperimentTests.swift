import Core
import Features
import Foundation
import TestSupport
import Testing

@testable import Evaluation

@Suite struct ExperimentTests {
  private static let configuration = try? Configuration(
    TOMLDocument(
      text: """
        [intake]
        input = "/in"
        [decoding]
        side = 64
        [features]
        image_side = 16
        image_components = 4
        tag_components = 4
        text_components = 8
        fusion_clusters = 4
        """, path: ""))

  /// Units of two modalities, shown by tags, and three regions, shown by texts; images show neither.
  private static func units(_ count: Int) -> [LabelledUnit] {
    var generator = SeededGenerator(seed: 5)
    let words = [
      ["lung", "pleura", "cough"], ["femur", "tibia", "knee"], ["brain", "skull", "stroke"],
    ]
    return (0..<count).map { (index: Int) -> LabelledUnit in
      let modality = index % 2
      let region = index / 2 % 3
      let pixels = (0..<64 * 64).map { (_: Int) -> UInt8 in UInt8(generator.next() % 256) }
      let text = (0..<12).map { _ in words[region][Int(generator.next() % 3)] }.joined(
        separator: " ")
      let unit = TrainingUnit(
        study: "study \(index)", patient: "p\(index)",
        images: [GreyImage(side: 64, pixels: pixels)],
        tags: ["KVP": modality == 0 ? "120" : "", "Manufacturer": "M\(index % 5)"],
        text: Redacted(text), names: Redacted([]), digests: ["\(index)"])
      return LabelledUnit(
        unit: unit, modality: ["CT", "MR"][modality], region: ["CHEST", "LEG", "HEAD"][region])
    }
  }

  private static func parameters() throws -> Experiment.Parameters {
    let configuration = try #require(configuration)
    return Experiment.Parameters(
      features: configuration.features, clustering: configuration.clustering)
  }

  private static func run(
    _ units: [LabelledUnit], _ folder: String, progress: @escaping (String) -> Void = { _ in }
  ) throws -> Experiment.Outcome {
    var parameters = try parameters()
    parameters.clusters = [6]
    parameters.seeds = 2
    parameters.networks = false
    return try Experiment(units, parameters, cacheFolder: folder, progress: progress).run()
  }

  @Test func `fusion beats each source, and a second run computes nothing`() throws {
    let folder = try TemporaryFolder()
    let units = Self.units(120)
    let outcome = try Self.run(units, folder.path)
    let best = Dictionary(grouping: outcome.ranked, by: \.stage).mapValues { cells in
      cells.filter { !$0.leaking }.map { $0.spread(\.archive.homogeneity).mean }.max() ?? 0
    }
    #expect(try #require(best["fusion"]) > #require(best["sources"]))
    #expect(outcome.effects(leaking: false).map(\.source) == ["image", "tags", "text"])
    #expect(
      outcome.effects(leaking: false).filter { $0.source != "image" }.allSatisfy {
        $0.effect.mean > 0
      }, "\(outcome.effects(leaking: false)) of \(outcome.chosen)")
    #expect(outcome.rows.count == outcome.cells.count * 2)
    #expect(Set(outcome.rows.map(\.grouping)) == ["k-means", "k-medoids"])

    var worked: [String] = []
    let again = try Self.run(units, folder.path) { worked.append($0) }
    #expect(worked.isEmpty)
    #expect(again.table == outcome.table && again.csv == outcome.csv)
    #expect(outcome.csv.split(separator: "\n").count == outcome.cells.count * 3 + 1)
    #expect(!outcome.page.contains("http"), "the page is self-contained")
  }

  @Test func `test studies don't influence the choice`() throws {
    let folder = try TemporaryFolder()
    var units = Self.units(90)
    let chosen = try Self.run(units, folder.path).chosen
    for index in units.indices where Part(content: units[index].unit.digests[0]) == .test {
      units[index].modality = "\(index)"
      units[index].region = "none"
    }
    #expect(try Self.run(units, folder.path).chosen == chosen)
  }

  /// Study keys depend on the site's secret, and folders list files in any order.
  @Test func `the same files are split and ordered alike at every site`() throws {
    let folder = try TemporaryFolder()
    func experiment(_ units: [LabelledUnit], _ cache: String) throws -> Experiment {
      var parameters = try Self.parameters()
      parameters.clusters = [6]
      return try Experiment(
        units, parameters, cacheFolder: folder.path + "/" + cache, progress: { _ in })
    }
    let units = Self.units(60)
    let here = try experiment(units, "here")
    let elsewhere = try experiment(
      units.reversed().map { unit in
        var unit = unit
        unit.unit.study = "another key of \(unit.unit.study)"
        return unit
      }, "elsewhere")
    #expect(here.part == elsewhere.part)
    #expect(here.units.map(\.unit.digests) == elsewhere.units.map(\.unit.digests))
  }

  @Test func `too few units are refused with a message`() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: FeatureError.self) { try Self.run(Self.units(6), folder.path) }
    #expect(error.map { "\($0)".contains("too few for 6 clusters") } == true)
  }

  @Test func `a study's part depends on its content, and shares are 60, 20 and 20 %`() {
    let parts = (0..<5_000).map { Part(content: "s\($0)") }
    let counts = Dictionary(grouping: parts) { $0 }.mapValues(\.count)
    #expect(abs((counts[.training] ?? 0) - 3_000) < 150)
    #expect(abs((counts[.test] ?? 0) - 1_000) < 120)
    #expect(Part(content: "s7") == Part(content: "s7"))
  }
}
