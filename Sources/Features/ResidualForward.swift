internal import CBLAS
import Core
import Synchronization

/// Runs a frozen residual network on a picture and its mirror image. Each convolution is one matrix product: its
/// weights times what each tap and input sees at each position. Several threads may run it at once; each uses its own
/// workspace, which is kept for the next picture.
final class ResidualForward: Sendable {
  private let plan: ResidualPlan
  private let parameters: [Float]
  private let idle = Mutex<[Workspace]>([])

  init(_ plan: ResidualPlan, _ parameters: [Float]) {
    self.plan = plan
    self.parameters = parameters
  }

  func callAsFunction(_ picture: [Float]) -> [Float] {
    let workspace = idle.withLock { $0.popLast() } ?? Workspace(plan)
    defer { idle.withLock { $0.append(workspace) } }
    return parameters.withUnsafeBufferPointer { parameters in
      picture.withUnsafeBufferPointer { picture in
        workspace.run(plan, parameters.baseAddress!, picture.baseAddress!)
      }
    }
  }
}

/// Several channels of two pictures, padded with zeros for a convolution's taps to read.
private struct Planes {
  let side: Int
  /// Zeros between rows, and between pictures.
  let margin: Int
  let channels: Int
  let values: UnsafeMutablePointer<Float>

  var row: Int { side + margin }
  /// Values of one channel, padding included.
  private let size: Int

  init(side: Int, margin: Int, channels: Int) {
    self.side = side
    self.margin = margin
    self.channels = channels
    size = margin + (margin + 2 * (side + margin)) * (side + margin) + margin
    values = .allocate(capacity: channels * size)
    values.initialize(repeating: 0, count: channels * size)
  }

  func line(_ channel: Int, _ picture: Int, _ line: Int) -> UnsafeMutablePointer<Float> {
    values + channel * size + margin + (margin + picture * (side + margin) + line) * row
  }
}

/// A layer's output: one row per channel, with the values of both pictures.
private struct Outputs {
  let count: Int
  let values: UnsafeMutablePointer<Float>

  init(side: Int, channels: Int) {
    count = 2 * side * side
    values = .allocate(capacity: channels * count)
    values.initialize(repeating: 0, count: channels * count)
  }
}

private final class Workspace: @unchecked Sendable {
  /// Buffers between the blocks of a stage, and inside a block.
  private struct Stage {
    let outer: Planes
    let inner: Planes
    let outputs: Outputs
    let innerOutputs: Outputs
  }

  /// The pictures split into even and odd rows and columns.
  private let quarters: Planes
  private let stem: Planes
  private let stemOutputs: Outputs
  private let stages: [Stage]
  private let columns: UnsafeMutablePointer<Float>

  init(_ plan: ResidualPlan) {
    let half = plan.side / 2
    quarters = Planes(side: half, margin: 2, channels: 4)
    stem = Planes(side: half, margin: 1, channels: plan.stem.outputs)
    stemOutputs = Outputs(side: half, channels: plan.stem.outputs)
    var most = plan.stem.rows * stemOutputs.count
    stages = (0..<4).map { stage in
      let side = plan.side >> (2 + stage)
      let channels = plan.blocks[2 * stage].first.outputs
      most = max(most, 9 * channels * 2 * side * side)
      func planes() -> Planes { Planes(side: side, margin: 1, channels: channels) }
      func outputs() -> Outputs { Outputs(side: side, channels: channels) }
      return Stage(
        outer: planes(), inner: planes(), outputs: outputs(), innerOutputs: outputs())
    }
    columns = .allocate(capacity: most)
    columns.initialize(repeating: 0, count: most)
  }

  deinit {
    for planes in [quarters, stem] + stages.flatMap({ [$0.outer, $0.inner] }) {
      planes.values.deallocate()
    }
    for outputs in [stemOutputs] + stages.flatMap({ [$0.outputs, $0.innerOutputs] }) {
      outputs.values.deallocate()
    }
    columns.deallocate()
  }

  func run(
    _ plan: ResidualPlan, _ parameters: UnsafePointer<Float>, _ picture: UnsafePointer<Float>
  ) -> [Float] {
    quarter(picture)
    gatherStem()
    multiply(plan.stem, parameters, columns, into: stemOutputs)
    finish(plan.stem, parameters, nil, stemOutputs, stem)
    pool()

    for (index, block) in plan.blocks.enumerated() {
      let stage = stages[index / 2]
      if let shortcut = block.shortcut {
        gather(stages[index / 2 - 1].outer, halvedTo: stage.outer.side)
        // The middle tap's rows are the input of a 1 × 1 kernel.
        let middle = columns + 4 * shortcut.inputs * stage.outputs.count
        multiply(shortcut, parameters, middle, into: stage.outputs)
      } else {
        gather(stage.outer)
      }
      multiply(block.first, parameters, columns, into: stage.innerOutputs)
      finish(block.first, parameters, nil, stage.innerOutputs, stage.inner)
      gather(stage.inner)
      // Added to the shortcut.
      multiply(block.second, parameters, columns, into: stage.outputs, adding: true)
      finish(block.second, parameters, block.shortcut, stage.outputs, stage.outer)
    }
    let last = stages[3].outputs
    return (0..<plan.blocks[7].second.outputs).map { channel in
      let values = last.values + channel * last.count
      return (0..<last.count).reduce(0 as Float) { $0 + values[$1] } / Float(last.count)
    }
  }

  private func multiply(
    _ layer: ResidualPlan.Convolution, _ parameters: UnsafePointer<Float>,
    _ columns: UnsafePointer<Float>, into outputs: Outputs, adding: Bool = false
  ) {
    let count = Int32(outputs.count)
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(layer.outputs), count, Int32(layer.rows), 1,
      parameters + layer.start, Int32(layer.rows), columns, count, adding ? 1 : 0, outputs.values,
      count)
  }

  /// Adds the shifts, applies ReLU, and copies the result to where the next layer's taps read.
  private func finish(
    _ layer: ResidualPlan.Convolution, _ parameters: UnsafePointer<Float>,
    _ shortcut: ResidualPlan.Convolution?, _ outputs: Outputs, _ planes: Planes
  ) {
    var values = outputs.values
    for channel in 0..<layer.outputs {
      var shift = parameters[layer.start + layer.outputs * layer.rows + channel]
      if let shortcut {
        shift += parameters[shortcut.start + shortcut.outputs * shortcut.rows + channel]
      }
      for index in 0..<outputs.count { values[index] = max(0, values[index] + shift) }
      for picture in 0..<2 {
        copy(
          values, planes.side, to: planes.line(channel, picture, 0), planes.row, lines: planes.side,
          width: planes.side)
        values += planes.side * planes.side
      }
    }
  }

  /// Splits a picture and its mirror image, so that stride 2 becomes stride 1.
  private func quarter(_ picture: UnsafePointer<Float>) {
    let side = 2 * quarters.side
    for line in 0..<side {
      for parity in 0..<2 {
        let plane = line % 2 * 2 + parity
        let (left, right) = (
          quarters.line(plane, 0, line / 2), quarters.line(plane, 1, line / 2)
        )
        let from = picture + line * side
        for column in 0..<quarters.side {
          left[column] = from[2 &* column &+ parity]
          right[column] = from[side &- 1 &- 2 &* column &- parity]
        }
      }
    }
  }

  private func gatherStem() {
    var target = columns
    for down in -3...3 {
      for right in -3...3 {
        let plane = (down & 1) * 2 + (right & 1)
        for picture in 0..<2 {
          let from = quarters.line(plane, picture, 0) + (down >> 1) * quarters.row + (right >> 1)
          copy(
            from, quarters.row, to: target, quarters.side, lines: quarters.side,
            width: quarters.side)
          target += quarters.side * quarters.side
        }
      }
    }
  }

  /// Gathers what each tap and channel sees at each position.
  private func gather(_ input: Planes) {
    var target = columns
    let side = input.side
    for down in -1...1 {
      for right in -1...1 {
        for channel in 0..<input.channels {
          for picture in 0..<2 {
            let from = input.line(channel, picture, down) + right
            copy(from, input.row, to: target, side, lines: side, width: side)
            target += side * side
          }
        }
      }
    }
  }

  private func gather(_ input: Planes, halvedTo side: Int) {
    var target = columns
    for down in -1...1 {
      for right in -1...1 {
        for channel in 0..<input.channels {
          for picture in 0..<2 {
            for line in 0..<side {
              let from = input.line(channel, picture, 2 * line + down) + right
              for column in 0..<side { target[column] = from[2 &* column] }
              target += side
            }
          }
        }
      }
    }
  }

  /// 3 × 3 max pooling with stride 2. No value is negative, so the padding does no harm.
  private func pool() {
    let (output, kept) = (stages[0].outer, stages[0].outputs)
    var target = kept.values
    withUnsafeTemporaryAllocation(of: Float.self, capacity: stem.row) { line in
      for channel in 0..<stem.channels {
        for picture in 0..<2 {
          for index in 0..<output.side {
            let middle = stem.line(channel, picture, 2 * index) - 1
            for column in 0..<stem.row {
              line[column] = max(
                middle[column - stem.row], max(middle[column], middle[column + stem.row]))
            }
            for column in 0..<output.side {
              let at = 2 &* column
              target[column] = max(line[at], max(line[at &+ 1], line[at &+ 2]))
            }
            output.line(channel, picture, index).update(from: target, count: output.side)
            target += output.side
          }
        }
      }
    }
  }
}

/// Copies lines of values. Most are so short that a call for each would cost more than the copy.
@inline(__always)
private func copy(
  _ source: UnsafePointer<Float>, _ sourceRow: Int, to target: UnsafeMutablePointer<Float>,
  _ targetRow: Int, lines: Int, width: Int
) {
  func copy<Line: SIMD>(as line: Line.Type) {
    for index in 0..<lines {
      let value = UnsafeRawPointer(source + index &* sourceRow).loadUnaligned(as: Line.self)
      UnsafeMutableRawPointer(target + index &* targetRow).storeBytes(of: value, as: Line.self)
    }
  }
  switch width {
  case 2: copy(as: SIMD2<Float>.self)
  case 4: copy(as: SIMD4<Float>.self)
  case 8: copy(as: SIMD8<Float>.self)
  case 16: copy(as: SIMD16<Float>.self)
  case 32: copy(as: SIMD32<Float>.self)
  default:
    for index in 0..<lines {
      (target + index * targetRow).update(from: source + index * sourceRow, count: width)
    }
  }
}
