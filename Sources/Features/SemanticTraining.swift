import Core
import Foundation

/// Trains a residual network to predict a study's report and tags from its pictures and, with less weight, to separate
/// pictures of one study from those of others. If no study has a report, the latter counts as much as the tags.
package struct SemanticTraining {
  /// Side of the pictures, a multiple of 32.
  package var side = 64
  /// Channels of the first convolution; the network gives 8 times as many features.
  package var width = 16
  package var seed: UInt64
  /// `nil`: all cores.
  package var threads: Int?
  package var steps = 1_000
  /// Maximum studies per step; each appears twice.
  package var batch = 256
  /// Training stops after this many steps without a better held-out loss.
  package var patience = 400
  package var rate = 1e-3
  /// File from which an interrupted training resumes.
  package var checkpoint: String?
  package var progress: (String) -> Void = { _ in }

  /// Steps between evaluations on the held-out studies.
  static let interval = 25

  package init(seed: UInt64) { self.seed = seed }

  /// - Parameter studies: at least one, with pictures of `side` × `side`.
  /// - Throws: `FeatureError`; `CancellationError` when cancelled, which keeps the checkpoint.
  package func fit(_ studies: [SemanticStudy], cancelled: () -> Bool = { false }) throws
    -> ResidualNetwork
  {
    precondition(
      side % 32 == 0 && !studies.isEmpty
        && studies.allSatisfy {
          !$0.images.isEmpty && $0.images.allSatisfy { $0.count == side * side }
        })
    var training = studies.indices
      .filter { !AutoencoderTraining.isHeldOut(group: $0, of: studies.count) }.map { studies[$0] }
    var heldOut = studies.indices
      .filter { AutoencoderTraining.isHeldOut(group: $0, of: studies.count) }.map { studies[$0] }
    if heldOut.isEmpty { heldOut = training }
    if training.isEmpty { training = heldOut }
    let targets = SemanticTargets(training)
    let network = try SemanticNetwork(
      targets, side: side, width: width, seed: seed,
      threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
    let judged = judgement(heldOut, targets)
    let digest = digest(studies)
    var state = resume(network, digest: digest) ?? State()
    let kept = ResidualPlan(side: side, width: width).trainedCount
    if state.best.isEmpty { state.best = Array(network.state.prefix(kept)) }

    var saved = ContinuousClock.now
    var start = ContinuousClock.now
    var loss = 0.0
    while state.step < steps, state.step - state.bestStep < patience {
      if cancelled() {
        try? save(state, network, digest: digest)
        throw CancellationError()
      }
      loss += try step(state.step, network, training, targets).total
      state.step += 1
      guard state.step % Self.interval == 0 || state.step == steps else { continue }
      let losses = try network.losses(judged.images, judged.targets)
      if losses.total < state.bestLosses?.total ?? .infinity {
        state.bestLosses = losses
        state.bestStep = state.step
        state.best = Array(network.state.prefix(kept))
      }
      let taken = (state.step - 1) % Self.interval + 1
      let images = Double(taken * 2 * min(batch, training.count))
      progress(
        String(
          format: "step %d of %d: loss %.4f, held out %.4f, %.0f images/s", state.step, steps,
          loss / Double(taken), losses.total,
          images / max(1e-6, start.duration(to: .now) / .seconds(1))))
      start = .now
      loss = 0
      if saved.duration(to: .now) > .seconds(30) {
        // A full disk costs the checkpoint, not the training.
        try? save(state, network, digest: digest)
        saved = .now
      }
    }
    if let checkpoint { try? FileManager.default.removeItem(atPath: checkpoint) }
    return ResidualNetwork(
      side: side, width: width, trained: state.best,
      heldOut: state.bestLosses ?? SemanticLosses(), steps: state.bestStep)
  }

  private func step(
    _ number: Int, _ network: SemanticNetwork, _ training: [SemanticStudy],
    _ targets: SemanticTargets
  ) throws -> SemanticLosses {
    // Each step draws from its own stream, so a resumed training gives the same result.
    var generator = SeededGenerator(seed: seed &+ UInt64(number + 1) &* 0x2545_f491_4f6c_dd1d)
    let chosen = training.shuffled(using: &generator).prefix(batch)
    let pictures = chosen.flatMap { study in
      let order = study.images.shuffled(using: &generator)
      return [order[0], order.count > 1 ? order[1] : order[0]]
    }
    let views = Augmentation(side: side)
      .views(of: pictures, seeds: pictures.map { _ in generator.next() })
    return try network.step(
      views, targets.rows(chosen.flatMap { [$0, $0] }), rate: rate(number), seed: generator.next())
  }

  /// Warm-up for a twentieth of the steps, then cosine decay.
  private func rate(_ number: Int) -> Double {
    let warming = max(1, steps / 20)
    if number < warming { return rate * Double(number + 1) / Double(warming) }
    let done = Double(number - warming) / Double(max(1, steps - warming))
    return rate * 0.5 * (1 + cos(.pi * done))
  }

  /// The held-out pictures to judge by: up to 256 pairs. A study's only picture is paired with a view of it.
  private func judgement(_ heldOut: [SemanticStudy], _ targets: SemanticTargets) -> (
    images: [Float], targets: [Float]
  ) {
    var generator = SeededGenerator(seed: seed)
    let shown = heldOut.prefix(256)
    var images: [Float] = []
    for study in shown {
      images += study.images[0]
      if study.images.count == 1 {
        images += Augmentation(side: side).views(of: study.images, seeds: [generator.next()])
      } else {
        images += study.images[study.images.count / 2]
      }
    }
    return (images, targets.rows(shown.flatMap { [$0, $0] }))
  }
}

// MARK: Checkpoints

extension SemanticTraining {
  private struct State {
    var step = 0
    var bestStep = 0
    var bestLosses: SemanticLosses?
    var best: [Float] = []
  }

  private struct Checkpoint: Codable {
    var digest: String
    var step: Int
    var bestStep: Int
    var bestLosses: SemanticLosses?
    var best: FloatArray
    var current: FloatArray
  }

  /// Identifies data and settings; only a checkpoint with the same digest is resumed.
  private func digest(_ studies: [SemanticStudy]) -> String {
    var digest = SHA256Digest()
    for study in studies {
      for row in study.images + [study.text ?? [], study.tags ?? []] {
        row.withUnsafeBytes { digest.update($0) }
      }
      (study.terms ?? []).sorted().withUnsafeBytes { digest.update($0) }
    }
    let settings = "\(side) \(width) \(seed) \(steps) \(batch) \(rate)"
    Array(settings.utf8).withUnsafeBytes { digest.update($0) }
    return digest.finish()
  }

  private func save(_ state: State, _ network: SemanticNetwork, digest: String) throws {
    guard let checkpoint else { return }
    let written = Checkpoint(
      digest: digest, step: state.step, bestStep: state.bestStep, bestLosses: state.bestLosses,
      best: FloatArray(state.best), current: FloatArray(network.state))
    try writeAtomically(JSONEncoder().encode(written), to: checkpoint)
  }

  private func resume(_ network: SemanticNetwork, digest: String) -> State? {
    guard let checkpoint, FileManager.default.fileExists(atPath: checkpoint),
      let read = try? JSONDecoder().decode(Checkpoint.self, from: readFile(checkpoint)),
      read.digest == digest, read.current.values.count == network.state.count
    else { return nil }
    network.state = read.current.values
    progress("resuming after step \(read.step)")
    return State(
      step: read.step, bestStep: read.bestStep, bestLosses: read.bestLosses,
      best: read.best.values)
  }
}
