import Core
import Testing

@testable import Clustering

@Suite struct DriftReportTests {
  private static let reference = Mixture(seed: 31, clusters: 8).points(2_000)

  private static func frozen(seed: UInt64) throws -> (KMeans.Result, DriftSample) {
    let fit = try #require(KMeans(k: 8, restarts: 1, seed: seed).fit(reference))
    let sample = DriftSample(
      reference: reference, centroids: fit.centroids,
      radii: DriftMetrics.radii(labels: fit.labels, distances: fit.distances, k: 8),
      areMembers: true, seed: seed)
    return (fit, sample)
  }

  private static func report(_ change: (Int, inout Embedding) -> Void, seed: UInt64) throws
    -> DriftReport
  {
    let (fit, reference) = try frozen(seed: 1)
    var mixture = Mixture(seed: 31, clusters: 8)
    mixture.generator = SeededGenerator(seed: seed)
    var points = Points(layout: Mixture.layout)
    for index in 0..<500 {
      var unit = mixture.embedding()
      change(index, &unit)
      points.append(unit)
    }
    let window = DriftSample(window: points, centroids: fit.centroids, like: reference)
    let calibration = try #require(
      DriftCalibration(reference, window, k: 8, run: 1, seed: seed, draws: 2_500))
    return DriftReport(reference: reference, window: window, k: 8, calibration: calibration)
  }

  @Test func `without drift few windows are raised`() throws {
    let raised = try (0..<40).count {
      try Self.report({ _, _ in }, seed: UInt64(100 + $0)).isRaised
    }
    // At 1 % each, more than 4 of 40 occur once in 20,000 runs.
    #expect(raised <= 4)
  }

  @Test(arguments: Block.allCases)
  func `a shift of one block is found and the block is named`(_ block: Block) throws {
    let report = try Self.report(
      { index, unit in
        guard index % 4 == 0 else { return }
        for dimension in Mixture.layout.range(of: block) { unit.values[dimension] += 1.5 }
      }, seed: 7)
    #expect(report.isRaised)
    #expect(report.blocks.first == block)
    #expect(!report.clusters.isEmpty)
  }

  @Test func `a block that stops arriving is found by its presence`() throws {
    let report = try Self.report(
      { index, unit in
        guard index % 3 == 0 else { return }
        unit.mask.remove(BlockMask(.text))
        for dimension in Mixture.layout.range(of: .text) { unit.values[dimension] = 0 }
      }, seed: 8)
    #expect(report.blocks.first == .text)
    let line = report.lines.first { $0.test == DriftTest(kind: .presence, scope: .block(.text)) }
    #expect(line?.isRaised == true)
    #expect(abs((line?.value ?? 0) - 1.0 / 3) < 0.01)
  }

  @Test(arguments: Block.allCases)
  func `blocks that belong to other units are found and named`(_ block: Block) throws {
    var strangers = Mixture(seed: 31, clusters: 8)
    strangers.generator = SeededGenerator(seed: 10)
    let range = Mixture.layout.range(of: block)
    let report = try Self.report(
      { index, unit in
        let stranger = strangers.embedding()
        if index % 14 == 0 { unit.values.replaceSubrange(range, with: stranger.values[range]) }
      }, seed: 11)
    let line = report.lines.first { $0.test == DriftTest(kind: .coherence, scope: .block(block)) }
    #expect(line?.isRaised == true)
    #expect(report.blocks.first == block)
  }

  @Test func `a cluster that fills up is named`() throws {
    let (fit, _) = try Self.frozen(seed: 1)
    let target = Array(fit.centroids.row(3))
    let report = try Self.report(
      { index, unit in
        guard index % 5 == 0 else { return }
        unit.values = target
      }, seed: 9)
    #expect(report.clusters.first == 3)
    #expect(report.lines.contains { $0.test.kind == .occupancy && $0.isRaised })
  }

  @Test func `an alarm needs two of three windows`() {
    #expect(!DriftReport.isAlarm([]))
    #expect(!DriftReport.isAlarm([true]))
    #expect(DriftReport.isAlarm([true, true]))
    #expect(DriftReport.isAlarm([true, false, true]))
    #expect(!DriftReport.isAlarm([true, false, false, true]))
  }

  @Test func `Benjamini and Hochberg's own example`() {
    // Fifteen p-values of their paper of 1995; at 5 % the first four are significant.
    let values = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
      0.5719,
      0.6528, 0.7590, 1.0,
    ]
    #expect(benjaminiHochberg(values.reversed(), rate: 0.05).reversed().count { $0 } == 4)
  }
}
