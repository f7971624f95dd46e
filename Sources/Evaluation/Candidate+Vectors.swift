import Core
import Features

extension Candidate {
  /// Fits on some units and encodes all.
  ///
  /// - Parameter fitted: indices of the units to learn from.
  /// - Returns: each unit's vector, `nil` where the unit lacks the source.
  func vectors(
    _ units: [TrainingUnit], fittedOn fitted: [Int], seed: UInt64, checkpoint: String?,
    progress: @escaping (String) -> Void
  ) throws -> [[Float]?] {
    let studies = ModelBundle.studyNumbers(units)
    func settings(_ reduction: Configuration.Reduction) -> ReductionSettings {
      ReductionSettings(
        reduction, components: components, seed: seed, checkpoint: checkpoint, progress: progress)
    }
    switch method {
    case .image(let method, let side, let steps, let vocabulary):
      let training = fitted.map { units[$0] }
      guard training.reduce(0, { $0 + $1.images.count }) >= 2 else { return units.map { _ in nil } }
      let encoder = try ImageEncoder(
        fitting: training, studies: fitted.map { studies[$0] },
        ImageSettings(
          method, components: components, gridSide: side, steps: steps, vocabulary: vocabulary,
          seed: seed, checkpoint: checkpoint, progress: progress))
      return try mapInParallel(units) { try encoder.encode(unit: $0.images) }
    case .tags(let reduction, let leaking):
      let encoder = try TagEncoder(
        fitting: fitted.map { units[$0].tags }, studies: fitted.map { studies[$0] },
        leaking: leaking, settings(reduction))
      return try units.map { try encoder?.encode($0.tags) }
    case .text(let text, let vocabulary):
      let texts = fitted.compactMap { index in
        units[index].text.map { units[index].trainingText($0) }
      }
      let encoder = try TextEncoder(
        fitting: texts, method: text, components: components, vocabulary: vocabulary, seed: seed,
        refusing: units.flatMap(\.names.revealed))
      let counter = try encoder?.makeCounter()
      let terms = units.map { unit in
        unit.text.map { counter?.terms($0.revealed, without: unit.names.revealed) ?? [:] }
      }
      return mapInParallel(terms) { $0.flatMap { encoder?.encode($0) } }
    }
  }
}
