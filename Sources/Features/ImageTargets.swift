import Core

/// What reports and tags say about the units whose images an encoder is fitted on, without any label: terms of the reports,
/// the text vector (TF-IDF, 16 components) and the tags that name neither modality nor body part (PCA, 32 components).
public struct ImageTargets: Sendable {
  /// By unit; numbers of terms, `nil` without a report.
  let terms: [Set<Int>?]
  /// By unit, of length 1; `nil` without a report.
  public let text: [[Float]?]
  /// By unit.
  public let tags: [[Float]?]

  private static let textComponents = 16
  private static let tagComponents = 32

  /// - Throws: `FeatureError`.
  public init(
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

  /// Text and tags side by side, each centred and of total variance 1; zero where a unit has none.
  var vectors: Matrix<Double> {
    let blocks = [Self.block(text), Self.block(tags)]
    let width = blocks.reduce(0) { $0 + $1.columns }
    var result = Matrix<Double>(rows: text.count, columns: width)
    for row in 0..<text.count {
      var column = 0
      for block in blocks {
        for value in block.row(row) {
          result[row, column] = value
          column += 1
        }
      }
    }
    return result
  }

  private static func block(_ vectors: [[Float]?]) -> Matrix<Double> {
    let present = vectors.compactMap { $0 }
    let width = present.first?.count ?? 0
    var result = Matrix<Double>(rows: vectors.count, columns: width)
    guard !present.isEmpty else { return result }
    let mean = (0..<width).map { column in
      present.reduce(0.0) { $0 + Double($1[column]) } / Double(present.count)
    }
    var variance = 0.0
    for (row, vector) in vectors.enumerated() {
      guard let vector else { continue }
      for column in 0..<width {
        result[row, column] = Double(vector[column]) - mean[column]
        variance += result[row, column] * result[row, column] / Double(present.count)
      }
    }
    guard variance > 0 else { return result }
    for index in result.values.indices { result.values[index] /= variance.squareRoot() }
    return result
  }
}
