/// The shapes of a residual network and the offsets of its parameters.
struct ResidualPlan: Sendable {
  struct Convolution: Sendable {
    let inputs: Int
    let outputs: Int
    /// Side of the kernel.
    let side: Int
    let stride: Int
    /// Offset of its weights; the outputs' shifts follow them.
    let start: Int

    var rows: Int { inputs * side * side }
    var end: Int { start + outputs * (rows + 1) }
  }

  struct Block: Sendable {
    let first: Convolution
    let second: Convolution
    let shortcut: Convolution?
  }

  let side: Int
  let stem: Convolution
  let blocks: [Block]
  private(set) var parameterCount = 0

  init(side: Int, width: Int) {
    self.side = side
    var end = 0
    func next(_ inputs: Int, _ outputs: Int, _ side: Int, _ stride: Int) -> Convolution {
      let convolution = Convolution(
        inputs: inputs, outputs: outputs, side: side, stride: stride, start: end)
      end = convolution.end
      return convolution
    }
    stem = next(1, width, 7, 2)
    var blocks: [Block] = []
    var inputs = width
    for stage in 0..<4 {
      for place in 0..<2 {
        let outputs = width << stage
        let stride = stage > 0 && place == 0 ? 2 : 1
        blocks.append(
          Block(
            first: next(inputs, outputs, 3, stride), second: next(outputs, outputs, 3, 1),
            shortcut: stride == 2 ? next(inputs, outputs, 1, 2) : nil))
        inputs = outputs
      }
    }
    self.blocks = blocks
    parameterCount = end
  }

  /// In the order of libtorch's network.
  private var convolutions: [Convolution] {
    [stem] + blocks.flatMap { [$0.first, $0.second] + ($0.shortcut.map { [$0] } ?? []) }
  }

  /// How many numbers of libtorch's state are needed.
  var trainedCount: Int { convolutions.reduce(0) { $0 + $1.outputs * ($1.rows + 4) } }

  /// Parameters of convolutions equivalent to libtorch's with their batch norms.
  ///
  /// - Parameter trained: the beginning of libtorch's state: means and variances per convolution, then weights, scales
  ///   and shifts per convolution.
  /// - Returns: `parameterCount` values.
  func folded(_ trained: [Float]) -> [Float] {
    precondition(trained.count >= trainedCount)
    var result = [Float](repeating: 0, count: parameterCount)
    var statistics = 0
    var weights = convolutions.reduce(0) { $0 + 2 * $1.outputs }
    for layer in convolutions {
      let area = layer.side * layer.side
      let scales = weights + layer.outputs * layer.rows
      for output in 0..<layer.outputs {
        let variance = trained[statistics + layer.outputs + output]
        let scale = trained[scales + output] / (variance + 1e-5).squareRoot()
        // Inputs innermost: their planes are copied side by side.
        for input in 0..<layer.inputs {
          for tap in 0..<area {
            result[layer.start + output * layer.rows + tap * layer.inputs + input] =
              scale * trained[weights + output * layer.rows + input * area + tap]
          }
        }
        result[layer.start + layer.outputs * layer.rows + output] =
          trained[scales + layer.outputs + output] - scale * trained[statistics + output]
      }
      weights = scales + 2 * layer.outputs
      statistics += 2 * layer.outputs
    }
    return result
  }
}
