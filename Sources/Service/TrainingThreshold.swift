/// The number of held studies at which the first models are trained.
struct TrainingThreshold: Equatable {
  private(set) var studies: Int

  func isDue(held: Int) -> Bool { held > 0 && held >= studies }

  /// After a failed training: retries with a tenth more studies, or ten more if that is larger.
  mutating func raise(held: Int) { studies = held + max(10, held / 10) }

  /// Trains on the held studies because no more will come.
  mutating func takeAll(held: Int) { if held > 0 { studies = held } }
}
