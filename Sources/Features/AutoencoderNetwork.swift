internal import CTorchFace
import Core
import Foundation

/// The input of an autoencoder.
enum AutoencoderShape: Sendable, Codable, Equatable {
  /// Grey images of `side` × `side`, a multiple of 16: convolutions around a linear bottleneck.
  case image(side: Int)
  /// Vectors: one hidden layer on each side of the bottleneck.
  case dense(inputs: Int, hidden: Int)

  var inputs: Int {
    switch self {
    case .image(let side): side * side
    case .dense(let inputs, _): inputs
    }
  }
}

/// A network in libtorch. Several threads may encode at once; one thread may train while no other uses the network.
final class AutoencoderNetwork: @unchecked Sendable {
  private let torch: ctorch_functions
  private let handle: OpaquePointer
  let shape: AutoencoderShape
  let bottleneck: Int

  /// A network with random weights that depend on the seed alone.
  ///
  /// - Throws: `FeatureError` with libtorch's message.
  init(_ shape: AutoencoderShape, bottleneck: Int, seed: UInt64) throws(FeatureError) {
    self.shape = shape
    self.bottleneck = bottleneck
    let torch = try Torch.functions()
    var made: OpaquePointer?
    try Torch.check { message, capacity in
      switch shape {
      case .image(let side):
        torch.image_autoencoder(
          Int32(side), Int32(bottleneck), seed, MachineCode.isAllowed ? 1 : 0, &made, message,
          capacity)
      case .dense(let inputs, let hidden):
        torch.dense_autoencoder(
          Int32(inputs), Int32(hidden), Int32(bottleneck), seed, MachineCode.isAllowed ? 1 : 0,
          &made,
          message, capacity)
      }
    }
    guard let made else { throw FeatureError("libtorch gave no network") }
    handle = made
    self.torch = torch
  }

  deinit { torch.network_free(handle) }

  var parameterCount: Int { torch.parameter_count(handle) }

  var parameters: [Float] {
    get {
      [Float](unsafeUninitializedCapacity: parameterCount) { buffer, count in
        if let base = buffer.baseAddress { torch.get_parameters(handle, base) }
        count = parameterCount
      }
    }
    set {
      precondition(newValue.count == parameterCount)
      torch.set_parameters(handle, newValue)
    }
  }

  /// One step of Adam.
  ///
  /// - Parameter rows: count × inputs, row-major.
  /// - Returns: the mean squared error per value before the step.
  /// - Throws: `FeatureError`.
  func train(_ rows: [Float], rate: Double, threads: Int) throws(FeatureError) -> Double {
    var loss = 0.0
    try Torch.check { message, capacity in
      torch.train(
        handle, rows, Int32(rows.count / shape.inputs), rate, Int32(threads), &loss, message,
        capacity)
    }
    return loss
  }

  /// The mean squared error per value over rows.
  func loss(_ rows: [Float], threads: Int) throws(FeatureError) -> Double {
    var loss = 0.0
    try Torch.check { message, capacity in
      torch.loss(
        handle, rows, Int32(rows.count / shape.inputs), Int32(threads), &loss, message, capacity)
    }
    return loss
  }

  /// The bottleneck values of one row, the same to the last bit each time.
  func encode(_ row: [Float]) throws(FeatureError) -> [Float] {
    precondition(row.count == shape.inputs)
    var code = [Float](repeating: 0, count: bottleneck)
    try Torch.check { torch.encode(handle, row, &code, $0, $1) }
    return code
  }

  /// Adam's moments, for checkpoints.
  func optimizer() throws(FeatureError) -> Data {
    var bytes: UnsafeMutableRawPointer?
    var length = 0
    try Torch.check { torch.get_optimizer(handle, &bytes, &length, $0, $1) }
    defer { free(bytes) }
    return bytes.map { Data(bytes: $0, count: length) } ?? Data()
  }

  func restoreOptimizer(_ data: Data) throws(FeatureError) {
    let bytes = [UInt8](data)
    try Torch.check { torch.set_optimizer(handle, bytes, bytes.count, $0, $1) }
  }
}
