import Clustering
import Core
import Embeddings
import Store

/// Judges one window of a generation against its frozen reference, in the background on a connection of its own.
package struct DriftMonitor: Sendable {
  /// The result for a window.
  package struct Finding: Sendable {
    package var generation: Int
    package var window: Int
    package var isRaised: Bool
    /// Blocks with raised tests, the one that moved most first.
    package var blocks: [Block]
    /// The fields of the `drift` event except `alarm`, which depends on the previous windows.
    package var fields: [(key: String, value: JSON)]
  }

  package let configuration: Configuration
  package let generation: LiveGeneration
  /// Number of the window, from 0.
  package let window: Int

  /// - Returns: `nil` when cancelled.
  /// - Throws: `StoreError`, `FileError`.
  package func judge(cancelled: @escaping @Sendable () -> Bool) throws -> Finding? {
    let store = try configuration.state.storeLocation.open(readOnly: true)
    let size = configuration.drift.window
    let offset = try store.referenceWindow(generation: generation.number).units
    let before = Self.onePerStudy(try store.reference(generation: generation.number))
    let now = Self.onePerStudy(
      try store.window(
        generation: generation.number, offset: offset + window * size, limit: size))
    let k = generation.reference.k
    let reference = DriftSample(
      reference: points(before), centroids: generation.reference, radii: generation.driftRadii,
      areMembers: before.contains { $0.isMember }, seed: configuration.clustering.seed)
    let sample = DriftSample(
      window: points(now), centroids: generation.reference, like: reference)
    guard
      let calibration = DriftCalibration(
        reference, sample, k: k,
        run: DriftCalibration.run(reference: before.count, window: now.count),
        seed: configuration.clustering.seed, cancelled: cancelled)
    else { return nil }
    let report = DriftReport(
      reference: reference, window: sample, k: k, calibration: calibration)
    let tags =
      report.isRaised
      ? TagShift.largest(
        from: try store.tags(ofStudies: before.map(\.studyKey)),
        to: try store.tags(ofStudies: now.map(\.studyKey))) : []
    let clusters = report.clusters.map { generation.clusters[$0] }
    return Finding(
      generation: generation.number, window: window, isRaised: report.isRaised,
      blocks: report.blocks,
      fields: [
        ("generation", .int(generation.number)), ("window", .int(window)),
        ("units", .int(now.count)), ("reference_units", .int(before.count)),
        ("raised", .bool(report.isRaised)),
        ("blocks", .array(report.blocks.map { .string($0.name) })),
        ("clusters", .array(clusters.map { .string(ClusterRecord.label($0)) })),
        ("tags", .array(tags.map(\.json))), ("tests", .array(report.lines.map(Self.json))),
      ])
  }

  /// Keeps the first unit of each study: units of one study are alike, so a study gets one vote.
  private static func onePerStudy(_ units: [DriftUnit]) -> [DriftUnit] {
    var seen: Set<String> = []
    return units.filter { seen.insert($0.studyKey).inserted }
  }

  private func points(_ units: [DriftUnit]) -> Points {
    var points = Points(layout: generation.reference.layout)
    points.reserve(units.count)
    for unit in units { points.append(unit.embedding) }
    return points
  }

  private static func json(_ line: DriftReport.Line) -> JSON {
    [
      "test": .string(line.test.kind.rawValue), "scope": .string(line.test.scope.name),
      "value": .figure(line.value), "limit": .figure(line.limit), "p": .figure(line.p),
      "raised": .bool(line.isRaised),
    ]
  }

  package init(configuration: Configuration, generation: LiveGeneration, window: Int) {
    self.configuration = configuration
    self.generation = generation
    self.window = window
  }
}

/// A tag value that has become more or less frequent.
package struct TagShift {
  package var tag: String
  /// `nil` where the tag is absent.
  package var value: String?
  /// Shares of the units, in the reference and in the window.
  package var before: Double
  package var after: Double

  package var json: JSON {
    [
      "tag": .string(tag), "value": .optional(value.map { StandardCode.shown($0, of: tag) }),
      "before": .figure(before),
      "after": .figure(after),
    ]
  }

  /// The tags whose values shifted most beyond chance, largest first, each with the value that shifted most.
  package static func largest(from before: [TagValues?], to after: [TagValues?], limit: Int = 5)
    -> [TagShift]
  {
    let (old, new) = (before.compactMap { $0 }, after.compactMap { $0 })
    guard !old.isEmpty, !new.isEmpty else { return [] }
    let (n, m) = (Double(old.count), Double(new.count))
    var shifts: [(shift: TagShift, surprise: Double)] = []
    for tag in Set((old + new).flatMap(\.keys)).sorted() {
      func counts(_ units: [TagValues]) -> [String?: Double] {
        units.reduce(into: [:]) { $0[$1[tag].flatMap { $0.isEmpty ? nil : $0 }, default: 0] += 1 }
      }
      let (was, is_) = (counts(old), counts(new))
      let moved = Set(was.keys).union(is_.keys).map { value in
        let (a, b) = ((was[value] ?? 0) / n, (is_[value] ?? 0) / m)
        let pooled = (a * n + b * m) / (n + m)
        let error = (pooled * (1 - pooled) * (1 / n + 1 / m)).squareRoot()
        return (
          shift: TagShift(tag: tag, value: value, before: a, after: b),
          surprise: error > 0 ? abs(a - b) / error : 0
        )
      }.max { ($0.surprise, $1.shift.value ?? "") < ($1.surprise, $0.shift.value ?? "") }
      // A value that only one or two studies have could identify them.
      let studies = (moved?.shift.before ?? 0) * n + (moved?.shift.after ?? 0) * m
      if let moved, moved.surprise > 3, studies >= 3 { shifts.append(moved) }
    }
    return shifts.sorted { $0.surprise > $1.surprise }.prefix(limit).map(\.shift)
  }
}
