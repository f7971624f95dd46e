import Clustering
import Core
import Embeddings
import Features
import Foundation
import Training

/// `drift-null CONFIG [SHUFFLES [WINDOW]]`: false alarms on real studies that are all different. Each shuffle of the
/// input folder's units trains models on a third (or what is left beside two windows), and judges the rest as a stream,
/// once with the training units as reference and once with the first window of the stream. Then the shifts that must
/// be found.
func benchDriftNull(_ words: [String]) throws {
  let configuration = try configuration("drift-null", words)
  let numbers = words.dropFirst().compactMap { Int($0) }
  let (shuffles, window) = (numbers.first ?? 50, numbers.dropFirst().first ?? 100)
  let units = try OfflineTraining.units(configuration) { _ in }.units.map(\.unit)
  var counts: [String: (raised: Int, alarms: Int, windows: Int, found: Int, named: Int)] = [:]
  for seed in 0..<shuffles {
    let shuffle = try DriftShuffle(units, configuration, seed: UInt64(seed), window: window)
    for (name, outcome) in try shuffle.outcomes() {
      var count = counts[name] ?? (0, 0, 0, 0, 0)
      count.raised += outcome.history.count { $0 }
      count.windows += outcome.history.count
      count.alarms += outcome.history.indices.count {
        DriftReport.isAlarm(Array(outcome.history[...$0]))
      }
      count.found += outcome.history.prefix(2).contains(true) ? 1 : 0
      count.named += outcome.isNamed ? 1 : 0
      counts[name] = count
    }
    FileHandle.standardError.write(Data("shuffle \(seed + 1) of \(shuffles)\n".utf8))
  }
  print("| stream | windows | raised | alarms | found within 2 windows | right block first |")
  print("|---|---|---|---|---|---|")
  for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
    func share(_ part: Int, _ whole: Int) -> String {
      "\((1_000 * Double(part) / Double(max(1, whole))).rounded() / 10) %"
    }
    print(
      "| \(name) | \(count.windows) | \(share(count.raised, count.windows)) | "
        + "\(share(count.alarms, count.windows)) | \(share(count.found, shuffles)) | "
        + "\(share(count.named, shuffles)) |")
  }
}

/// One split of an archive into training, reference and stream.
private struct DriftShuffle {
  struct Outcome {
    var history: [Bool] = []
    /// The first raised window names a right block first.
    var isNamed = false
  }

  private let training: [TrainingUnit]
  private let stream: [TrainingUnit]
  private let window: Int
  private let encoder: UnitEncoder
  private let centroids: Centroids
  private let radii: [Double]
  private let seed: UInt64

  init(
    _ units: [TrainingUnit], _ configuration: Configuration, seed: UInt64, window: Int
  ) throws {
    var generator = SeededGenerator(seed: seed &+ 1)
    let shuffled = units.shuffled(using: &generator)
    let known = min(shuffled.count / 3, shuffled.count - 2 * window)
    guard known >= 100 else {
      throw FeatureError("\(shuffled.count) units are too few for windows of \(window)")
    }
    training = Array(shuffled[..<known])
    stream = Array(shuffled[known...])
    self.window = window
    self.seed = seed
    let bundle = try ModelBundle.train(training, configuration: configuration) { _ in }
    encoder = try UnitEncoder(bundle)
    let generation = LiveGeneration(
      number: 1, bundle: bundle.hash, clusters: [], clustering: try bundle.clustering(),
      layout: bundle.fusion.layout)
    (centroids, radii) = (generation.reference, generation.driftRadii)
  }

  func outcomes() throws -> [String: Outcome] {
    let (known, new) = (try points(training), try points(stream))
    let reference = new.part(0..<window)
    let rest = Array(stream[window...])
    func judged(_ change: (TrainingUnit) -> TrainingUnit?, _ blocks: Set<Block>) throws -> Outcome {
      // Few studies are repeated until they fill two windows.
      let changed = rest.compactMap(change)
      let filled = (0..<max(changed.count, 2 * window)).map { changed[$0 % changed.count] }
      return try judge(points(filled), reference, areMembers: false, blocks)
    }
    return [
      "no drift, reference of training units":
        try judge(new.part(window..<new.count), known, areMembers: true, []),
      "no drift, reference of new units": try judged({ $0 }, []),
      "inverted images": try judged(
        {
          var unit = $0
          unit.images = unit.images.map {
            GreyImage(side: $0.side, pixels: $0.pixels.map { 255 - $0 })
          }
          return unit
        }, [.image]),
      "no reports": try judged(
        {
          var unit = $0
          unit.text = nil
          return unit
        }, [.text]),
      "MR only": try judged(
        { $0.tags["Modality"] == "MR" ? $0 : nil }, [.image, .tags, .text]),
    ]
  }

  private func points(_ units: [TrainingUnit]) throws -> Points {
    var points = Points(layout: centroids.layout)
    for embedding in try mapInParallel(units, { try encoder.embed($0) }) {
      points.append(embedding)
    }
    return points
  }

  private func judge(
    _ stream: Points, _ reference: Points, areMembers: Bool, _ blocks: Set<Block>
  ) throws -> Outcome {
    let frozen = DriftSample(
      reference: reference, centroids: centroids, radii: radii, areMembers: areMembers, seed: seed)
    var outcome = Outcome()
    for start in stride(from: 0, through: stream.count - window, by: window) {
      let sample = DriftSample(
        window: stream.part(start..<start + window), centroids: centroids, like: frozen)
      guard
        let calibration = DriftCalibration(
          frozen, sample, k: centroids.k,
          run: DriftCalibration.run(reference: frozen.count, window: window), seed: seed)
      else { return outcome }
      let report = DriftReport(
        reference: frozen, window: sample, k: centroids.k, calibration: calibration)
      if report.isRaised, !outcome.history.contains(true), let first = report.blocks.first {
        outcome.isNamed = blocks.contains(first)
      }
      if ProcessInfo.processInfo.environment["SHOW"] != nil {
        for line in report.lines where line.isRaised {
          print(
            "T", blocks.isEmpty, areMembers, line.test.scope.name, line.test.kind.rawValue,
            line.value, line.limit)
        }
      }
      outcome.history.append(report.isRaised)
    }
    return outcome
  }
}

extension Points {
  fileprivate func part(_ rows: Range<Int>) -> Points {
    var part = Points(layout: layout)
    for row in rows { part.append(self[row]) }
    return part
  }
}
