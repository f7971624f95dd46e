import Core

/// Histograms of oriented gradients (Dalal and Triggs 2005): 9 unsigned directions of 20°, cells of 8 × 8 pixels,
/// blocks of 2 × 2 cells normalised by L2-Hys, as scikit-image computes them; then the square root of each value, which
/// keeps a few strong edges from outweighing the rest.
enum OrientedGradients {
  static let directions = 9
  static let cell = 8
  static let block = 2

  /// - Parameter side: a multiple of 8, at least 16.
  /// - Returns: the length of a description.
  static func count(side: Int) -> Int {
    let blocks = side / cell - block + 1
    return blocks * blocks * block * block * directions
  }

  /// - Parameters:
  ///   - grid: side × side grey values.
  ///   - side: a multiple of 8, at least 16.
  /// - Returns: `count(side:)` values.
  static func describe(_ grid: [Float], side: Int) -> [Float] {
    normalised(histograms(grid, side), cells: side / cell)
  }

  /// Sines and cosines of the borders between directions, 20° to 160°.
  private static let sines = SIMD8<Float>(
    0.34202014, 0.64278761, 0.8660254, 0.98480775, 0.98480775, 0.8660254, 0.64278761, 0.34202014)
  private static let cosines = SIMD8<Float>(
    0.9396926, 0.76604444, 0.5, 0.17364818, -0.17364818, -0.5, -0.76604444, -0.9396926)

  /// Mean gradient magnitude by cell and direction. At the edge of the image, the gradient across it is zero.
  private static func histograms(_ grid: [Float], _ side: Int) -> [Float] {
    let cells = side / cell
    var histograms = [Float](repeating: 0, count: cells * cells * directions)
    let (sines, cosines) = (sines, cosines)
    grid.withUnsafeBufferPointer { grid in
      for row in 0..<side {
        let inner = row > 0 && row < side - 1
        for column in 0..<side {
          let place = row &* side &+ column
          var down = inner ? grid[place &+ side] - grid[place &- side] : 0
          var across =
            column > 0 && column < side - 1 ? grid[place &+ 1] - grid[place &- 1] : 0
          let length = (down * down + across * across).squareRoot()
          guard length > 0 else { continue }
          // Opposite directions are the same: map to 0° up to 180°.
          if down < 0 || down == 0 && across < 0 { (down, across) = (-down, -across) }
          let passed = across * sines - down * cosines .<= 0
          let direction = SIMD8<Int32>.zero.replacing(with: 1, where: passed).wrappedSum()
          let bin = (row / cell &* cells &+ column / cell) &* directions &+ Int(direction)
          histograms[bin] += length
        }
      }
    }
    let area = Float(cell * cell)
    return histograms.map { $0 / area }
  }

  private static func normalised(_ histograms: [Float], cells: Int) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(count(side: cells * cell))
    let width = block * directions
    for row in 0...cells - block {
      for column in 0...cells - block {
        var values: [Float] = []
        values.reserveCapacity(block * width)
        for line in row..<row + block {
          let start = (line * cells + column) * directions
          values.append(contentsOf: histograms[start..<start + width])
        }
        for value in unit(unit(values).map { min($0, 0.2) }) {
          result.append(value.squareRoot())
        }
      }
    }
    return result
  }

  private static func unit(_ values: [Float]) -> [Float] {
    let scale = 1 / (values.reduce(0) { $0 + $1 * $1 } + 1e-10).squareRoot()
    return values.map { $0 * scale }
  }
}
