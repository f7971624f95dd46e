internal import CBLAS
import Core
import Synchronization

/// Runs a frozen residual network on a picture and its mirror image. Each convolution is one product of matrices: its
/// weights, and for each tap and input the whole plane, moved. Several threads may run it at once; each uses memory
/// of its own, which is kept for the next picture.
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

/// Two pictures, one below the other, in a frame of zeros that neighbours share: a plane moved by a convolution's tap
/// is then the same numbers from another start.
private struct Frame {
  let side: Int
  /// Zeros between rows, and between pictures.
  let margin: Int

  var row: Int { side + margin }
  var size: Int { margin + (margin + 2 * (side + margin)) * row + margin }
  /// Where the first picture's first value lies.
  var first: Int { start(0, 0) }
  /// From there to the last value, with the zeros between.
  var span: Int { start(1, side - 1) + side - first }

  func start(_ picture: Int, _ line: Int) -> Int {
    margin + (margin + picture * (side + margin) + line) * row
  }
}

/// What several channels hold, a frame each.
private struct Planes {
  let frame: Frame
  let values: UnsafeMutablePointer<Float>
  /// 1 where a picture is, else 0.
  let mask: UnsafeMutablePointer<Float>

  init(_ frame: Frame, channels: Int) {
    self.frame = frame
    values = .allocate(capacity: channels * frame.size)
    values.initialize(repeating: 0, count: channels * frame.size)
    mask = .allocate(capacity: frame.size)
    mask.initialize(repeating: 0, count: frame.size)
    for picture in 0..<2 {
      for line in 0..<frame.side {
        (mask + frame.start(picture, line)).update(repeating: 1, count: frame.side)
      }
    }
  }

  func deallocate() {
    values.deallocate()
    mask.deallocate()
  }

  func plane(_ channel: Int) -> UnsafeMutablePointer<Float> { values + channel * frame.size }
}

private final class Workspace: @unchecked Sendable {
  /// The pictures' even and odd rows' even and odd columns.
  private let quarters: Planes
  private let stem: Planes
  /// Of each stage: what goes through it, and what is within a block.
  private let stages: [(outer: Planes, inner: Planes)]
  private let columns: UnsafeMutablePointer<Float>

  init(_ plan: ResidualPlan) {
    let half = Frame(side: plan.side / 2, margin: 2)
    quarters = Planes(half, channels: 4)
    stem = Planes(half, channels: plan.stem.outputs)
    var most = plan.stem.rows * half.span
    stages = (0..<4).map { stage in
      let frame = Frame(side: plan.side >> (2 + stage), margin: 1)
      let channels = plan.blocks[2 * stage].first.outputs
      most = max(most, 9 * channels * frame.span)
      return (Planes(frame, channels: channels), Planes(frame, channels: channels))
    }
    columns = .allocate(capacity: most)
    columns.initialize(repeating: 0, count: most)
  }

  deinit {
    for planes in [quarters, stem] + stages.flatMap({ [$0.outer, $0.inner] }) {
      planes.deallocate()
    }
    columns.deallocate()
  }

  func run(
    _ plan: ResidualPlan, _ parameters: UnsafePointer<Float>, _ picture: UnsafePointer<Float>
  ) -> [Float] {
    quarter(picture)
    gatherStem()
    multiply(plan.stem, parameters, columns, into: stem)
    finish(plan.stem, parameters, nil, stem)
    pool(plan.stem.outputs)

    for (index, block) in plan.blocks.enumerated() {
      let (outer, inner) = stages[index / 2]
      if let shortcut = block.shortcut {
        gather(stages[index / 2 - 1].outer, block.first, halvedTo: outer.frame)
        // The middle tap's rows are what a kernel of one pixel sees.
        let middle = columns + 4 * shortcut.inputs * outer.frame.span
        multiply(shortcut, parameters, middle, into: outer)
      } else {
        gather(outer, block.first)
      }
      multiply(block.first, parameters, columns, into: inner)
      finish(block.first, parameters, nil, inner)
      gather(inner, block.second)
      // Onto what goes round the block.
      multiply(block.second, parameters, columns, into: outer, adding: true)
      finish(block.second, parameters, block.shortcut, outer)
    }
    let last = stages[3].outer
    let share = 1 / Float(2 * last.frame.side * last.frame.side)
    return (0..<plan.blocks[7].second.outputs).map { channel in
      let plane = last.plane(channel) + last.frame.first
      return (0..<last.frame.span).reduce(0 as Float) { $0 + plane[$1] } * share
    }
  }

  private func multiply(
    _ layer: ResidualPlan.Convolution, _ parameters: UnsafePointer<Float>,
    _ columns: UnsafePointer<Float>, into output: Planes, adding: Bool = false
  ) {
    let frame = output.frame
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(layer.outputs), Int32(frame.span),
      Int32(layer.rows), 1, parameters + layer.start, Int32(layer.rows), columns,
      Int32(frame.span), adding ? 1 : 0, output.values + frame.first, Int32(frame.size))
  }

  /// Adds the shifts, cuts off what is below zero and clears what was written between the pictures.
  private func finish(
    _ layer: ResidualPlan.Convolution, _ parameters: UnsafePointer<Float>,
    _ shortcut: ResidualPlan.Convolution?, _ planes: Planes
  ) {
    let mask = planes.mask + planes.frame.first
    for channel in 0..<layer.outputs {
      let plane = planes.plane(channel) + planes.frame.first
      var shift = parameters[layer.start + layer.outputs * layer.rows + channel]
      if let shortcut {
        shift += parameters[shortcut.start + shortcut.outputs * shortcut.rows + channel]
      }
      for index in 0..<planes.frame.span {
        plane[index] = max(0, plane[index] + shift) * mask[index]
      }
    }
  }

  /// Splits a picture and its mirror image, so that a step of two is one of one.
  private func quarter(_ picture: UnsafePointer<Float>) {
    let frame = quarters.frame
    let side = 2 * frame.side
    for line in 0..<side {
      for column in 0..<side {
        let value = picture[line * side + column]
        let mirrored = side - 1 - column
        let plane = line % 2 * 2
        quarters.plane(plane + column % 2)[frame.start(0, line / 2) + column / 2] = value
        quarters.plane(plane + mirrored % 2)[frame.start(1, line / 2) + mirrored / 2] = value
      }
    }
  }

  private func gatherStem() {
    let frame = quarters.frame
    var target = columns
    for down in -3...3 {
      for right in -3...3 {
        let plane = quarters.plane((down & 1) * 2 + (right & 1))
        target.update(
          from: plane + frame.first + (down >> 1) * frame.row + (right >> 1), count: frame.span)
        target += frame.span
      }
    }
  }

  private func gather(_ input: Planes, _ layer: ResidualPlan.Convolution) {
    let frame = input.frame
    var target = columns
    for down in -1...1 {
      for right in -1...1 {
        for channel in 0..<layer.inputs {
          target.update(
            from: input.plane(channel) + frame.first + down * frame.row + right,
            count: frame.span)
          target += frame.span
        }
      }
    }
  }

  private func gather(
    _ input: Planes, _ layer: ResidualPlan.Convolution, halvedTo frame: Frame
  ) {
    var target = columns - frame.first
    for down in -1...1 {
      for right in -1...1 {
        for channel in 0..<layer.inputs {
          for picture in 0..<2 {
            for line in 0..<frame.side {
              let from =
                input.plane(channel) + input.frame.start(picture, 2 * line + down) + right
              let to = target + frame.start(picture, line)
              for column in 0..<frame.side { to[column] = from[2 &* column] }
            }
          }
          target += frame.span
        }
      }
    }
  }

  /// The largest of 3 × 3 values at every other place. None is below zero, so that the frame does no harm.
  private func pool(_ channels: Int) {
    let output = stages[0].outer
    let row = stem.frame.row
    withUnsafeTemporaryAllocation(of: Float.self, capacity: row) { line in
      for channel in 0..<channels {
        for picture in 0..<2 {
          for index in 0..<output.frame.side {
            let middle = stem.plane(channel) + stem.frame.start(picture, 2 * index) - 1
            for column in 0..<row {
              line[column] = max(middle[column - row], max(middle[column], middle[column + row]))
            }
            let to = output.plane(channel) + output.frame.start(picture, index)
            for column in 0..<output.frame.side {
              let at = 2 &* column
              to[column] = max(line[at], max(line[at &+ 1], line[at &+ 2]))
            }
          }
        }
      }
    }
  }
}
