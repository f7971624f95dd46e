import Clustering
import Core
import Foundation
import Store

/// `drift STORE [STREAMS]`: how often the drift monitor raises false alarms on streams without drift, and how soon
/// it finds injected shifts and names their block. Streams are resampled from a store's real units: studies of one to
/// four near-duplicates, in runs, with another mix at weekends.
func benchDrift(_ words: [String]) throws {
  guard let path = words.first else {
    throw FileError(path: "drift", problem: "takes STORE [STREAMS]")
  }
  let streams = words.dropFirst().first.flatMap { Int($0) } ?? 200
  let stream = try DriftStream(store: path)
  var figures = (alarms: 0, raised: 0, windows: 0)
  for seed in 0..<streams {
    let outcome = stream.run(.none, seed: UInt64(seed), windows: 5)
    figures.alarms += outcome.alarms.count
    figures.raised += outcome.raised
    figures.windows += 5
  }
  print("| stream | runs | found within 3 windows | right block first |\n|---|---|---|---|")
  for shift in DriftStream.Shift.allCases where shift != .none {
    var (found, named) = (0, 0)
    for seed in 0..<max(1, streams / 4) {
      let outcome = stream.run(shift, seed: UInt64(10_000 + seed), windows: 3)
      found += outcome.alarms.isEmpty ? 0 : 1
      named += outcome.first.map { shift.blocks.contains($0) } == true ? 1 : 0
    }
    let runs = Double(max(1, streams / 4))
    print(
      "| \(shift.rawValue) | \(Int(runs)) | \(Int(100 * Double(found) / runs)) % | "
        + "\(Int(100 * Double(named) / runs)) % |")
  }
  print(
    "\nwithout drift: \(figures.windows) windows of \(streams) streams, \(figures.raised) raised, "
      + "\(figures.alarms) alarms (\(100 * Double(figures.alarms) / Double(figures.windows)) %)")
}

/// A stream of units resampled from a store.
struct DriftStream {
  enum Shift: String, CaseIterable {
    case none
    case scanner = "a new scanner's intensity, 30 % of the units"
    case protocolName = "a new protocol name, 20 % of the units"
    case droppedText = "a dropped text feed, half of the units"
    case modality = "a new modality, 10 % of the units"
    case swap = "texts swapped, 5 % of the units"

    /// The blocks that count as right.
    var blocks: [Block] {
      switch self {
      case .none: []
      case .scanner: [.image]
      case .protocolName: [.tags]
      case .droppedText, .swap: [.text]
      case .modality: [.image, .tags]
      }
    }
  }

  struct Outcome {
    var alarms: [Int] = []
    var raised = 0
    /// The block that the first raised window names first.
    var first: Block?
  }

  private let points: Points
  private let deviations: [Float]
  /// Every unit's group; weekends have another mix of groups.
  private let groups: [Int]
  static let reference = 5_000
  static let window = 1_000

  init(store path: String) throws {
    let store = try SQLiteStore(path: path, readOnly: true)
    guard let bundle = try store.generations().first?.bundle else {
      throw FileError(path: path, problem: "has no generation")
    }
    var rows: [Embedding] = []
    try store.units(bundle: bundle) { rows.append($0.embedding) }
    let lengths = try BenchLayout.lengths(
      of: rows.first?.values.count ?? 0, bundles: path.parentFolder)
    var points = Points(layout: BlockLayout(lengths: lengths, weights: [1, 1, 1]))
    for row in rows where row.mask == .all { points.append(row) }
    self.points = points
    deviations = (0..<points.dimensions).map { dimension in
      let values = (0..<points.count).map {
        Double(points.values[$0 * points.dimensions + dimension])
      }
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) }
      return Float((squares / Double(values.count)).squareRoot())
    }
    groups = KMeans(k: 6, restarts: 1, seed: 1).fit(points)?.labels ?? []
  }

  func run(_ shift: Shift, seed: UInt64, windows: Int) -> Outcome {
    var generator = SeededGenerator(seed: seed)
    var slices = 0
    let reference = sample(Self.reference, .none, &slices, &generator)
    guard let fit = KMeans(k: 50, restarts: 1, seed: seed).fit(reference) else { return Outcome() }
    let frozen = DriftSample(
      reference: reference, centroids: fit.centroids,
      radii: DriftMetrics.radii(labels: fit.labels, distances: fit.distances, k: fit.centroids.k),
      areMembers: true, seed: seed)
    var outcome = Outcome()
    var history: [Bool] = []
    for index in 0..<windows {
      let window = DriftSample(
        window: sample(Self.window, shift, &slices, &generator), centroids: fit.centroids,
        like: frozen)
      guard
        let calibration = DriftCalibration(
          frozen, window, k: 50,
          run: DriftCalibration.run(reference: frozen.count, window: window.count), seed: seed)
      else { return outcome }
      let report = DriftReport(reference: frozen, window: window, k: 50, calibration: calibration)
      history.append(report.isRaised)
      outcome.raised += report.isRaised ? 1 : 0
      if report.isRaised && outcome.first == nil { outcome.first = report.blocks.first }
      if DriftReport.isAlarm(history) { outcome.alarms.append(index) }
    }
    return outcome
  }

  /// The next units of the stream: days of 425 slices, two of seven with the weekend mix.
  private func sample(
    _ count: Int, _ shift: Shift, _ slices: inout Int, _ generator: inout SeededGenerator
  ) -> Points {
    var sample = Points(layout: points.layout)
    sample.reserve(count)
    let directions = SeededGenerator(seed: 77)
    while sample.count < count {
      let isWeekend = slices / 425 % 7 >= 5
      var row = Int(generator.next() % UInt64(points.count))
      // At weekends two of the six groups are a third as frequent.
      while isWeekend && groups[row] < 2 && generator.uniform() > 0.33 {
        row = Int(generator.next() % UInt64(points.count))
      }
      // Slices of one study have one vote, as in the monitor: only the first counts.
      slices += 1 + Int(generator.next() % 4)
      var unit = points[row]
      for index in unit.values.indices {
        unit.values[index] += deviations[index] * Float(0.3 * generator.gaussian())
      }
      apply(shift, to: &unit, directions, &generator)
      sample.append(unit)
    }
    return sample
  }

  private func apply(
    _ shift: Shift, to unit: inout Embedding, _ directions: SeededGenerator,
    _ generator: inout SeededGenerator
  ) {
    func move(_ block: Block, by length: Float) {
      var directions = directions
      for dimension in points.layout.range(of: block) {
        unit.values[dimension] += deviations[dimension] * length * Float(directions.gaussian())
      }
    }
    switch shift {
    case .none: break
    case .scanner: if generator.uniform() < 0.3 { move(.image, by: 0.7) }
    case .protocolName: if generator.uniform() < 0.2 { move(.tags, by: 0.7) }
    case .droppedText:
      guard generator.uniform() < 0.5 else { return }
      unit.mask.remove(BlockMask(.text))
      for dimension in points.layout.range(of: .text) { unit.values[dimension] = 0 }
    case .modality:
      guard generator.uniform() < 0.1 else { return }
      move(.image, by: 1.5)
      move(.tags, by: 1.5)
    case .swap:
      guard generator.uniform() < 0.05 else { return }
      let other = points[Int(generator.next() % UInt64(points.count))]
      for dimension in points.layout.range(of: .text) {
        unit.values[dimension] = other.values[dimension]
      }
    }
  }
}

/// The block lengths of stored vectors, from a bundle's manifest.
enum BenchLayout {
  /// The layout with these lengths; a single block if no bundle fits.
  static func layout(of dimensions: Int, bundles folder: String) -> BlockLayout {
    guard let lengths = try? lengths(of: dimensions, bundles: folder) else {
      return BlockLayout(lengths: [dimensions, 0, 0], weights: [1, 0, 0])
    }
    return BlockLayout(lengths: lengths, weights: [1, 1, 1])
  }

  /// The block lengths of the first bundle beside a store whose vectors have `dimensions` values.
  static func lengths(of dimensions: Int, bundles folder: String) throws -> [Int] {
    let folders = try FileManager.default.contentsOfDirectory(atPath: folder + "/bundles")
    for name in folders.sorted() where name != "active" {
      let manifest = try JSON(
        parsing: String(contentsOfFile: "\(folder)/bundles/\(name)/manifest.json", encoding: .utf8))
      let lengths = manifest["layout"]?["lengths"]?.array?.compactMap(\.int) ?? []
      if lengths.reduce(0, +) == dimensions { return lengths }
    }
    throw FileError(path: folder, problem: "no bundle fits the store's vectors")
  }
}
