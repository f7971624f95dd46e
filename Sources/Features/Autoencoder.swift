import Core

/// A frozen autoencoder: maps a centred row to its bottleneck and back.
struct Autoencoder: Sendable, Codable, Equatable {
  let shape: AutoencoderShape
  let dimensions: Int
  /// Mean of the training rows; subtracted from each row.
  let mean: FloatArray
  /// The encoder's weights, then the decoder's.
  private let parameters: FloatArray
  /// Mean squared error per value on held-out rows.
  let heldOutError: Double
  let epochs: Int
  private let network: AutoencoderNetwork

  private enum CodingKeys: CodingKey {
    case shape, dimensions, mean, parameters, heldOutError, epochs
  }

  init(
    _ network: AutoencoderNetwork, mean: [Float], heldOutError: Double, epochs: Int
  ) {
    shape = network.shape
    dimensions = network.bottleneck
    self.mean = FloatArray(mean)
    parameters = FloatArray(network.parameters)
    self.heldOutError = heldOutError
    self.epochs = epochs
    self.network = network
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    shape = try container.decode(AutoencoderShape.self, forKey: .shape)
    dimensions = try container.decode(Int.self, forKey: .dimensions)
    mean = try container.decode(FloatArray.self, forKey: .mean)
    parameters = try container.decode(FloatArray.self, forKey: .parameters)
    heldOutError = try container.decode(Double.self, forKey: .heldOutError)
    epochs = try container.decode(Int.self, forKey: .epochs)
    network = try AutoencoderNetwork(shape, bottleneck: dimensions, seed: 0)
    guard parameters.values.count == network.parameterCount, mean.values.count == shape.inputs
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .parameters, in: container,
        debugDescription: "the weights don't fit this network")
    }
    network.parameters = parameters.values
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(shape, forKey: .shape)
    try container.encode(dimensions, forKey: .dimensions)
    try container.encode(mean, forKey: .mean)
    try container.encode(parameters, forKey: .parameters)
    try container.encode(heldOutError, forKey: .heldOutError)
    try container.encode(epochs, forKey: .epochs)
  }

  static func == (a: Autoencoder, b: Autoencoder) -> Bool {
    a.shape == b.shape && a.dimensions == b.dimensions && a.mean == b.mean
      && a.parameters == b.parameters
  }

  /// - Parameter row: `shape.inputs` values.
  /// - Returns: `dimensions` values.
  /// - Throws: `FeatureError` with libtorch's message, for instance when memory is short.
  func encode(_ row: [Float]) throws(FeatureError) -> [Float] {
    try network.encode(Self.centred(Matrix(rows: 1, columns: row.count, values: row), mean.values))
  }

  /// The mean squared error per value over rows that are not centred yet.
  func error(_ rows: Matrix<Float>, threads: Int) throws -> Double {
    try network.loss(Self.centred(rows, mean.values), threads: threads)
  }

  static func centred(_ rows: Matrix<Float>, _ mean: [Float]) -> [Float] {
    var values = rows.values
    for row in 0..<rows.rows {
      for column in 0..<rows.columns { values[row * rows.columns + column] -= mean[column] }
    }
    return values
  }
}
