/// How many held studies the first models are trained on.
struct TrainingThreshold: Equatable {
  private(set) var studies: Int

  func isDue(held: Int) -> Bool { held > 0 && held >= studies }

  /// Training failed: it is tried again with a tenth more.
  mutating func raise(held: Int) { studies = held + max(10, held / 10) }

  /// No more studies will come.
  mutating func takeAll(held: Int) { if held > 0 { studies = held } }
}
