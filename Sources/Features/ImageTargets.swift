import Core

/// What an image encoder learns to predict, without labels: terms of the reports, the text vector (TF-IDF, 16
/// components), and the vector of tags that name neither modality nor body part (PCA, 32 components).
package struct ImageTargets: Sendable {
  /// Term numbers by unit; `nil` without a report.
  let terms: [Set<Int>?]
  /// Vectors of length 1 by unit; `nil` without a report.
  package let text: [[Float]?]
  /// Vectors by unit; `nil` without usable tags.
  package let tags: [[Float]?]

  private static let textComponents = 16
  private static let tagComponents = 32

  /// - Throws: `FeatureError`.
  package init(
    _ units: [TrainingUnit], studies: [Int], vocabulary: Configuration.Vocabulary, seed: UInt64
  ) throws {
    let encoder = try TextEncoder(
      fitting: units.compactMap { unit in unit.text.map { unit.trainingText($0) } },
      components: Self.textComponents, vocabulary: vocabulary, seed: seed,
      refusing: units.flatMap(\.names.revealed))
    let counter = try encoder?.makeCounter()
    let counts = units.map { unit in
      unit.text.flatMap { counter?.terms($0.revealed, without: unit.names.revealed) }
    }
    text = counts.map { $0.flatMap { encoder?.encode($0) } }
    terms = zip(counts, text).map { counts, vector in
      vector == nil ? nil : counts.map { Set($0.keys) }
    }
    let tagEncoder = try TagEncoder(
      fitting: units.map(\.tags), studies: studies, leaking: false,
      ReductionSettings(.pca, components: Self.tagComponents, seed: seed))
    tags = try units.map { try tagEncoder?.encode($0.tags) }
  }

  /// Tags and text concatenated, one row per unit. Each is centred with total variance 1, and zero where missing.
  var vectors: Matrix<Double> {
    let units = zip(tags, text).map { [nil, $0, $1] as [[Float]?] }
    func length(_ vectors: [[Float]?]) -> Int { vectors.lazy.compactMap { $0?.count }.first ?? 0 }
    let fusion = Fusion(
      fitting: units, lengths: [0, length(tags), length(text)], weights: [0, 1, 1])
    return Matrix(
      rows: units.count, columns: fusion.layout.dimensions,
      values: units.flatMap { fusion.fuse($0).values.map { Double($0) } })
  }
}
