internal import CTorchFace
import Core

/// A residual network being trained in libtorch. For one thread.
final class SemanticNetwork {
  private let torch: ctorch_functions
  private let handle: OpaquePointer
  private let side: Int
  let width: Int
  let threads: Int

  /// A network with random weights that depend on the seed alone.
  ///
  /// - Throws: `FeatureError` with libtorch's message.
  init(_ targets: SemanticTargets, side: Int, width: Int, seed: UInt64, threads: Int)
    throws(FeatureError)
  {
    self.side = side
    self.width = width
    self.threads = threads
    let torch = try Torch.functions()
    var heads = ctorch_heads(
      text: Int32(targets.textLength), terms: Int32(targets.terms.count),
      tags: Int32(targets.tagLength), contrast: 64,
      contrast_weight: targets.areWordless ? 1 : 0.3)
    var made: OpaquePointer?
    try Torch.check {
      torch.residual(
        Int32(width), &heads, targets.positiveWeights, seed, MachineCode.isAllowed ? 1 : 0, &made,
        $0, $1)
    }
    guard let made else { throw FeatureError("libtorch gave no network") }
    handle = made
    self.torch = torch
  }

  deinit { torch.residual_free(handle) }

  /// One step of AdamW.
  ///
  /// - Parameters:
  ///   - images: count × side × side, 0…1.
  ///   - targets: one row per image; see `SemanticTargets`.
  ///   - seed: determines the dropout.
  /// - Returns: the losses before the step.
  func step(_ images: [Float], _ targets: [Float], rate: Double, seed: UInt64)
    throws(FeatureError) -> SemanticLosses
  {
    var losses = ctorch_losses()
    try Torch.check {
      torch.residual_step(
        handle, images, targets, count(images), Int32(side), rate, seed, Int32(threads), &losses,
        $0, $1)
    }
    return SemanticLosses(losses)
  }

  /// The losses of the network in its frozen form.
  func losses(_ images: [Float], _ targets: [Float]) throws(FeatureError) -> SemanticLosses {
    var losses = ctorch_losses()
    try Torch.check {
      torch.residual_loss(
        handle, images, targets, count(images), Int32(side), Int32(threads), &losses, $0, $1)
    }
    return SemanticLosses(losses)
  }

  /// libtorch's own features of images, count × (8 × width), for comparison with ours.
  func features(_ images: [Float]) throws(FeatureError) -> [Float] {
    var features = [Float](repeating: 0, count: Int(count(images)) * 8 * width)
    try Torch.check {
      torch.residual_features(
        handle, images, count(images), Int32(side), Int32(threads), &features, $0, $1)
    }
    return features
  }

  /// Weights, running statistics of the batch norms and AdamW's moments.
  var state: [Float] {
    get {
      let count = torch.residual_state(handle, nil, nil, 0)
      return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
        filled = torch.residual_state(handle, buffer.baseAddress, nil, count)
      }
    }
    set { _ = torch.residual_state(handle, nil, newValue, newValue.count) }
  }

  private func count(_ images: [Float]) -> Int32 { Int32(images.count / (side * side)) }
}

extension SemanticLosses {
  fileprivate init(_ losses: ctorch_losses) {
    self.init(
      text: losses.text, terms: losses.terms, tags: losses.tags, contrast: losses.contrast)
  }
}
