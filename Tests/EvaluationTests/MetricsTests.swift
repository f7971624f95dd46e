import Core
import Features
import TestSupport
import Testing

@testable import Evaluation

@Suite struct MetricsTests {
  private static let units = ["CT", "CT", "MR", "MR"].map {
    LabelledUnit(
      unit: TrainingUnit(
        study: "s", patient: "p", images: [], tags: [:], text: nil, names: Redacted([]), digests: []
      ),
      modality: $0, region: $0 == "CT" ? "HEAD" : nil)
  }
  private static let vectors: [[Float]?] = [[0, 0], [2, 0], [10, 0], nil]

  @Test func `spread is the share of variance within clusters`() {
    let two = Metrics(Self.units, clusters: [0, 0, 1, 1], image: Self.vectors, text: Self.vectors)
    // Within {0, 2}: 2; in all about the mean 4: 16 + 4 + 36.
    #expect(abs(two.imageSpread - 2.0 / 56) < 1e-12)
    #expect(two.modalityHomogeneity == 1 && abs(two.modalityNMI - 1) < 1e-12)
    #expect(two.regionHomogeneity == 1, "units without a region are not judged by it")
    let one = Metrics(Self.units, clusters: [0, 0, 0, 0], image: Self.vectors, text: Self.vectors)
    #expect(one.imageSpread == 1 && one.modalityHomogeneity == 0 && one.score == 0)
  }

  @Test func `S is the harmonic mean of its four terms`() {
    let figures = Metrics(
      Self.units, clusters: [0, 0, 1, 1], image: Self.vectors, text: Self.vectors)
    let rest = 1 - 2.0 / 56
    #expect(abs(figures.score - 4 / (1 + 1 + 2 / rest)) < 1e-12)
  }

  @Test func `deviation has n - 1 in the denominator`() {
    let spread = Spread([1, 2, 4])
    #expect(abs(spread.deviation - 1.5275252316519468) < 1e-12)
    #expect(Spread([3]).deviation == 0)
  }
}
