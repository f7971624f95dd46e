import Core

/// A frozen residual network that maps a grey picture to features. Its batch norms are folded into the convolutions.
package struct ResidualNetwork: Sendable, Codable, Equatable {
  /// Side of the input pictures, pixels.
  package let side: Int
  private let width: Int
  /// Losses on held-out studies.
  package let heldOut: SemanticLosses
  /// Training steps behind its weights.
  package let steps: Int
  /// For each convolution: outputs × side × side × inputs, then the outputs' shifts.
  private let parameters: FloatArray
  private let forward: ResidualForward

  package var dimensions: Int { 8 * width }

  private enum CodingKeys: CodingKey { case side, width, heldOut, steps, parameters }

  /// - Parameter trained: weights and statistics as libtorch gives them; see CTorchFace.h.
  init(side: Int, width: Int, trained: [Float], heldOut: SemanticLosses, steps: Int) {
    self.side = side
    self.width = width
    self.heldOut = heldOut
    self.steps = steps
    let plan = ResidualPlan(side: side, width: width)
    parameters = FloatArray(plan.folded(trained))
    forward = ResidualForward(plan, parameters.values)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    side = try container.decode(Int.self, forKey: .side)
    width = try container.decode(Int.self, forKey: .width)
    heldOut = try container.decode(SemanticLosses.self, forKey: .heldOut)
    steps = try container.decode(Int.self, forKey: .steps)
    parameters = try container.decode(FloatArray.self, forKey: .parameters)
    guard 32...1_024 ~= side, side % 32 == 0, 1...256 ~= width,
      parameters.values.count == ResidualPlan(side: side, width: width).parameterCount
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .parameters, in: container,
        debugDescription: "the weights don't fit this network")
    }
    forward = ResidualForward(ResidualPlan(side: side, width: width), parameters.values)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(side, forKey: .side)
    try container.encode(width, forKey: .width)
    try container.encode(heldOut, forKey: .heldOut)
    try container.encode(steps, forKey: .steps)
    try container.encode(parameters, forKey: .parameters)
  }

  package static func == (a: ResidualNetwork, b: ResidualNetwork) -> Bool {
    a.side == b.side && a.width == b.width && a.parameters == b.parameters
  }

  /// Mean features of the picture and its mirror image, the same to the last bit in any thread.
  ///
  /// - Parameter grid: side × side, 0…1.
  /// - Returns: `dimensions` values.
  package func features(_ grid: [Float]) -> [Float] {
    precondition(grid.count == side * side)
    return forward(grid)
  }
}
