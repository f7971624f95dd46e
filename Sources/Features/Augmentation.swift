import Core
import Foundation

/// Random training views of a picture: cropped, rotated, mirrored, with other brightness, blurred, noisy, covered.
struct Augmentation {
  let side: Int

  /// One view of each picture, computed on all cores.
  ///
  /// - Parameter seeds: one for each view.
  /// - Returns: count × `side` × `side`, row-major.
  func views(of pictures: [[Float]], seeds: [UInt64]) -> [Float] {
    let size = side * side
    return [Float](unsafeUninitializedCapacity: pictures.count * size) { buffer, count in
      nonisolated(unsafe) let views = buffer.baseAddress!
      inParallel(pictures.count) { [self] index in
        var generator = SeededGenerator(seed: seeds[index])
        pictures[index].withUnsafeBufferPointer { picture in
          varied(picture.baseAddress!, &generator, into: views + index * size)
        }
      }
      count = pictures.count * size
    }
  }

  private func varied(
    _ picture: UnsafePointer<Float>, _ generator: inout SeededGenerator,
    into view: UnsafeMutablePointer<Float>
  ) {
    sample(picture, &generator, into: view)
    shade(view, &generator)
    if generator.uniform() < 0.3 { blur(view, sigma: generator.uniform(0.4, 1.2)) }
    addNoise(view, &generator)
    if generator.uniform() < 0.5 { cover(view, &generator) }
  }

  /// A rotated crop of 35 to 100 % of the area; black beyond the edges of the picture.
  private func sample(
    _ picture: UnsafePointer<Float>, _ generator: inout SeededGenerator,
    into view: UnsafeMutablePointer<Float>
  ) {
    let area = generator.uniform(0.35, 1)
    let aspect = exp(generator.uniform(-0.2, 0.2))
    let width = min(1, (area * aspect).squareRoot())
    let height = min(1, (area / aspect).squareRoot())
    let middle = Double(side) / 2
    let centerX = middle + (1 - width) * generator.uniform(-middle, middle)
    let centerY = middle + (1 - height) * generator.uniform(-middle, middle)
    let angle = generator.uniform(-15, 15) * .pi / 180
    let mirror = generator.next() % 2 == 0 ? -1.0 : 1.0
    let alongX = Float(width * mirror * cos(angle))
    let alongY = Float(width * mirror * sin(angle))
    let downX = Float(-height * sin(angle))
    let downY = Float(height * cos(angle))
    for row in 0..<side {
      let below = Float(row) + 0.5 - Float(middle)
      // Half a pixel back: values belong to pixel centres.
      let startX = Float(centerX) - 0.5 + below * downX
      let startY = Float(centerY) - 0.5 + below * downY
      for column in 0..<side {
        let right = Float(column) + 0.5 - Float(middle)
        let x = startX + right * alongX
        let y = startY + right * alongY
        let left = x.rounded(.down)
        let top = y.rounded(.down)
        let pixel = Int(top) &* side &+ Int(left)
        let fromLeft = x - left
        let fromTop = y - top
        if left >= 0, top >= 0, left < Float(side - 1), top < Float(side - 1) {
          let corner = picture + pixel
          let above = corner[0] + fromLeft * (corner[1] - corner[0])
          let under = corner[side] + fromLeft * (corner[side &+ 1] - corner[side])
          view[row &* side &+ column] = above + fromTop * (under - above)
        } else {
          view[row &* side &+ column] = edge(picture, Int(left), Int(top), fromLeft, fromTop)
        }
      }
    }
  }

  private func edge(
    _ picture: UnsafePointer<Float>, _ left: Int, _ top: Int, _ fromLeft: Float, _ fromTop: Float
  ) -> Float {
    func value(_ row: Int, _ column: Int) -> Float {
      0..<side ~= row && 0..<side ~= column ? picture[row * side + column] : 0
    }
    let above = value(top, left) * (1 - fromLeft) + value(top, left + 1) * fromLeft
    let under = value(top + 1, left) * (1 - fromLeft) + value(top + 1, left + 1) * fromLeft
    return above * (1 - fromTop) + under * fromTop
  }

  /// Gamma, contrast and brightness.
  private func shade(_ view: UnsafeMutablePointer<Float>, _ generator: inout SeededGenerator) {
    let gamma = Float(exp(generator.uniform(-0.5, 0.5)))
    let contrast = Float(generator.uniform(0.6, 1.4))
    let brightness = Float(generator.uniform(-0.15, 0.15))
    let count = side * side
    var sum: Float = 0
    for index in 0..<count {
      view[index] = pow(view[index], gamma)
      sum += view[index]
    }
    let mean = sum / Float(count)
    for index in 0..<count {
      view[index] = min(1, max(0, (view[index] - mean) * contrast + mean + brightness))
    }
  }

  /// A Gaussian of five pixels, first along the rows, then along the columns.
  private func blur(_ view: UnsafeMutablePointer<Float>, sigma: Double) {
    let weights = (0...2).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
    let total = weights[0] + 2 * (weights[1] + weights[2])
    let (center, near, far) = (
      Float(weights[0] / total), Float(weights[1] / total), Float(weights[2] / total)
    )
    withUnsafeTemporaryAllocation(of: Float.self, capacity: side + 4) { line in
      for (step, across) in [(1, side), (side, 1)] {
        for start in 0..<side {
          let first = view + start * across
          for index in line.indices {
            line[index] = first[min(side - 1, max(0, index - 2)) &* step]
          }
          for index in 0..<side {
            let sides = near * (line[index + 1] + line[index + 3])
            first[index &* step] =
              center * line[index + 2] + sides + far * (line[index] + line[index + 4])
          }
        }
      }
    }
  }

  /// The sum of four uniform numbers is nearly normal, and cheap.
  private func addNoise(_ view: UnsafeMutablePointer<Float>, _ generator: inout SeededGenerator) {
    let scale = Float(generator.uniform(0, 0.05) * 3.0.squareRoot() / 65_536)
    for index in 0..<side * side {
      let bits = generator.next()
      let low = (bits & 0xffff) &+ (bits >> 16 & 0xffff)
      let sum = low &+ (bits >> 32 & 0xffff) &+ (bits >> 48)
      view[index] = min(
        1, max(0, view[index] + scale * Float(Int32(truncatingIfNeeded: sum) - 131_070)))
    }
  }

  /// A black rectangle.
  private func cover(_ view: UnsafeMutablePointer<Float>, _ generator: inout SeededGenerator) {
    let width = Int(generator.uniform(0.1, 0.4) * Double(side))
    let height = Int(generator.uniform(0.1, 0.4) * Double(side))
    let left = Int(generator.uniform() * Double(side - width))
    let top = Int(generator.uniform() * Double(side - height))
    for row in top..<top + height {
      (view + row * side + left).update(repeating: 0, count: width)
    }
  }
}

extension SeededGenerator {
  fileprivate mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }
}
