internal import CTorch
import Core
import Foundation

/// What an autoencoder takes.
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

/// A network in libtorch. Encoding may go on in several threads at once; training is for one thread, while
/// nobody encodes.
final class AutoencoderNetwork: @unchecked Sendable {
  private let handle: OpaquePointer
  let shape: AutoencoderShape
  let bottleneck: Int

  /// A network with random weights that depend on the seed alone.
  ///
  /// - Throws: `FeatureError` with libtorch's words.
  init(_ shape: AutoencoderShape, bottleneck: Int, seed: UInt64) throws(FeatureError) {
    self.shape = shape
    self.bottleneck = bottleneck
    var made: OpaquePointer?
    try TorchError.check { message, capacity in
      switch shape {
      case .image(let side):
        ctorch_image_autoencoder(Int32(side), Int32(bottleneck), seed, &made, message, capacity)
      case .dense(let inputs, let hidden):
        ctorch_dense_autoencoder(
          Int32(inputs), Int32(hidden), Int32(bottleneck), seed, &made, message, capacity)
      }
    }
    guard let made else { throw FeatureError("libtorch gave no network") }
    handle = made
  }

  deinit { ctorch_free(handle) }

  var parameterCount: Int { ctorch_parameter_count(handle) }

  var parameters: [Float] {
    get {
      [Float](unsafeUninitializedCapacity: parameterCount) { buffer, count in
        if let base = buffer.baseAddress { ctorch_get_parameters(handle, base) }
        count = parameterCount
      }
    }
    set {
      precondition(newValue.count == parameterCount)
      ctorch_set_parameters(handle, newValue)
    }
  }

  /// One step of Adam.
  ///
  /// - Parameter rows: count × inputs, row-major.
  /// - Returns: the mean squared error before it.
  func train(_ rows: [Float], rate: Double, threads: Int) throws(FeatureError) -> Double {
    var loss = 0.0
    try TorchError.check { message, capacity in
      ctorch_train(
        handle, rows, Int32(rows.count / shape.inputs), rate, Int32(threads), &loss, message,
        capacity)
    }
    return loss
  }

  /// The mean squared error over rows.
  func loss(_ rows: [Float], threads: Int) throws(FeatureError) -> Double {
    var loss = 0.0
    try TorchError.check { message, capacity in
      ctorch_loss(
        handle, rows, Int32(rows.count / shape.inputs), Int32(threads), &loss, message, capacity)
    }
    return loss
  }

  /// The bottleneck's values of one row, the same to the last bit each time.
  func encode(_ row: [Float]) throws(FeatureError) -> [Float] {
    precondition(row.count == shape.inputs)
    var code = [Float](repeating: 0, count: bottleneck)
    try TorchError.check { ctorch_encode(handle, row, &code, $0, $1) }
    return code
  }

  /// Adam's moments, for checkpoints.
  func optimizer() throws(FeatureError) -> Data {
    var bytes: UnsafeMutableRawPointer?
    var length = 0
    try TorchError.check { ctorch_get_optimizer(handle, &bytes, &length, $0, $1) }
    defer { free(bytes) }
    return bytes.map { Data(bytes: $0, count: length) } ?? Data()
  }

  func restoreOptimizer(_ data: Data) throws(FeatureError) {
    let bytes = [UInt8](data)
    try TorchError.check { ctorch_set_optimizer(handle, bytes, bytes.count, $0, $1) }
  }
}
