import Core
import Foundation

/// Fits an autoencoder by Adam on the mean squared error, with cosine decay of the rate and early stopping on held-out
/// groups. Keeps the weights of the best epoch.
struct AutoencoderTraining {
  var shape: AutoencoderShape
  var bottleneck: Int
  var seed: UInt64
  /// `nil`: one for vectors, whose steps are too small to parallelise, and all cores for images.
  var threads: Int?
  var rate = 3e-3
  var batch = 64
  /// Maximum passes; `nil`: enough for about 50,000 rows, between 10 and 150.
  var epochs: Int?
  /// Training stops after this many passes without a better held-out error.
  var patience = 40
  /// File from which an interrupted training resumes.
  var checkpoint: String?
  var progress: (String) -> Void = { _ in }

  private var threadCount: Int {
    switch shape {
    case .dense: threads ?? 1
    case .image: threads ?? ProcessInfo.processInfo.activeProcessorCount
    }
  }

  /// Every eighth group is held out, by its number, if there are at least 16.
  static func isHeldOut(group: Int, of count: Int) -> Bool { count >= 16 && group % 8 == 7 }

  /// - Parameters:
  ///   - rows: at least one.
  ///   - groups: the group (study) of each row; the split keeps groups whole.
  /// - Throws: `FeatureError`; `CancellationError` when cancelled, which keeps the checkpoint.
  func fit(_ rows: Matrix<Float>, groups: [Int], cancelled: () -> Bool = { false }) throws
    -> Autoencoder
  {
    precondition(rows.columns == shape.inputs && rows.rows == groups.count && rows.rows > 0)
    let count = (groups.max() ?? 0) + 1
    var training = groups.indices.filter { !Self.isHeldOut(group: groups[$0], of: count) }
    let heldOut = groups.indices.filter { Self.isHeldOut(group: groups[$0], of: count) }
    if training.isEmpty { training = heldOut }
    let mean = Self.mean(rows, training)
    let centred = Autoencoder.centred(rows, mean)
    let judged = (heldOut.isEmpty ? training : heldOut).prefix(4_096)
      .flatMap { centred[$0 * rows.columns..<($0 + 1) * rows.columns] }
    let passes = epochs ?? min(150, max(10, 50_000 / training.count))
    let network = try AutoencoderNetwork(shape, bottleneck: bottleneck, seed: seed)
    var state = try resume(network, digest: digest(centred, passes)) ?? State()

    if state.best.isEmpty { state.best = network.parameters }
    var saved = ContinuousClock.now
    while state.epoch < passes, state.epoch - state.bestEpoch < patience {
      if cancelled() {
        try? save(state, network, digest: digest(centred, passes))
        throw CancellationError()
      }
      let start = ContinuousClock.now
      // Each pass draws from its own stream, so a resumed training gives the same result.
      var generator = SeededGenerator(seed: seed &+ UInt64(state.epoch + 1))
      let rate = rate * 0.5 * (1 + cos(.pi * Double(state.epoch) / Double(passes)))
      let loss = try pass(
        network, centred, training.shuffled(using: &generator), rate: rate, &generator)
      let judgement = try network.loss(judged, threads: threadCount)
      state.epoch += 1
      if judgement < state.bestError {
        state.bestError = judgement
        state.bestEpoch = state.epoch
        state.best = network.parameters
      }
      let seconds = start.duration(to: .now) / .seconds(1)
      progress(
        String(
          format: "epoch %d of %d: loss %.5f, held out %.5f, %.0f rows/s", state.epoch, passes,
          loss, judgement, Double(training.count) / max(seconds, 1e-6)))
      if saved.duration(to: .now) > .seconds(30) {
        // A full disk costs the checkpoint, not the training.
        try? save(state, network, digest: digest(centred, passes))
        saved = .now
      }
    }
    network.parameters = state.best
    if let checkpoint { try? FileManager.default.removeItem(atPath: checkpoint) }
    return Autoencoder(
      network, mean: mean, heldOutError: state.bestError, epochs: state.bestEpoch)
  }

  /// - Returns: the mean loss of the pass.
  private func pass(
    _ network: AutoencoderNetwork, _ centred: [Float], _ order: [Int], rate: Double,
    _ generator: inout SeededGenerator
  ) throws -> Double {
    let width = shape.inputs
    var sum = 0.0
    for start in stride(from: 0, to: order.count, by: batch) {
      let members = order[start..<min(start + batch, order.count)]
      var rows: [Float] = []
      rows.reserveCapacity(members.count * width)
      for row in members {
        let values = centred[row * width..<(row + 1) * width]
        if case .image(let side) = shape {
          rows.append(contentsOf: Self.varied(values, side: side, &generator))
        } else {
          rows.append(contentsOf: values)
        }
      }
      sum += Double(members.count) * (try network.train(rows, rate: rate, threads: threadCount))
    }
    return sum / Double(order.count)
  }

  /// An image shifted by up to 3 pixels with wrap-around, and mirrored half of the time.
  private static func varied(
    _ values: ArraySlice<Float>, side: Int, _ generator: inout SeededGenerator
  ) -> [Float] {
    let down = Int(generator.next() % 7) + side - 3
    let right = Int(generator.next() % 7) + side - 3
    let mirrored = generator.next() % 2 == 0
    var result: [Float] = []
    result.reserveCapacity(values.count)
    for row in 0..<side {
      let source = values.startIndex + (row + down) % side * side
      for column in 0..<side {
        let moved = (column + right) % side
        result.append(values[source + (mirrored ? side - 1 - moved : moved)])
      }
    }
    return result
  }

  private static func mean(_ rows: Matrix<Float>, _ chosen: [Int]) -> [Float] {
    var sum = [Double](repeating: 0, count: rows.columns)
    for row in chosen {
      for (column, value) in rows.row(row).enumerated() { sum[column] += Double(value) }
    }
    return sum.map { Float($0 / Double(chosen.count)) }
  }
}

// MARK: Checkpoints

extension AutoencoderTraining {
  private struct State {
    var epoch = 0
    var bestEpoch = 0
    var bestError = Double.infinity
    var best: [Float] = []
  }

  private struct Checkpoint: Codable {
    var digest: String
    var epoch: Int
    var bestEpoch: Int
    var bestError: Double
    var best: FloatArray
    var current: FloatArray
    var optimizer: Data
  }

  /// Identifies data and settings; only a checkpoint with the same digest is resumed.
  private func digest(_ centred: [Float], _ passes: Int) -> String {
    var digest = SHA256Digest()
    centred.withUnsafeBytes { digest.update($0) }
    let settings = "\(shape) \(bottleneck) \(seed) \(rate) \(batch) \(passes)"
    Array(settings.utf8).withUnsafeBytes { digest.update($0) }
    return digest.finish()
  }

  private func save(_ state: State, _ network: AutoencoderNetwork, digest: String) throws {
    guard let checkpoint else { return }
    let written = Checkpoint(
      digest: digest, epoch: state.epoch, bestEpoch: state.bestEpoch, bestError: state.bestError,
      best: FloatArray(state.best), current: FloatArray(network.parameters),
      optimizer: try network.optimizer())
    try writeAtomically(JSONEncoder().encode(written), to: checkpoint)
  }

  private func resume(_ network: AutoencoderNetwork, digest: String) throws -> State? {
    guard let checkpoint, FileManager.default.fileExists(atPath: checkpoint),
      let read = try? JSONDecoder().decode(Checkpoint.self, from: readFile(checkpoint)),
      read.digest == digest, read.current.values.count == network.parameterCount
    else { return nil }
    network.parameters = read.current.values
    try network.restoreOptimizer(read.optimizer)
    progress("resuming after epoch \(read.epoch)")
    return State(
      epoch: read.epoch, bestEpoch: read.bestEpoch, bestError: read.bestError,
      best: read.best.values)
  }
}
