/// What clusterings are judged by.
struct Judge: Sendable {
  let units: [LabelledUnit]
  /// Reference vectors for spread, the same for every clustering.
  let image: [[Float]?]
  let text: [[Float]?]

  /// - Parameters:
  ///   - clusters: by unit.
  ///   - chosen: indices of the units that are judged.
  func figures(_ clusters: [Int], of chosen: [Int]) -> Metrics {
    Metrics(
      chosen.map { units[$0] }, clusters: chosen.map { clusters[$0] },
      image: chosen.map { image[$0] }, text: chosen.map { text[$0] })
  }
}
