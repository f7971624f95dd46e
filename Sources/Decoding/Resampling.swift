import Core

extension GreyImage {
  /// Pads an image to a square with black, the picture in the middle, and averages areas down (or spreads
  /// them up) to `side` × `side`.
  ///
  /// - Parameter shift: how far the pixels are displaced to the left and upwards, in pixels.
  init(padding greys: Greys<UInt8>, rows: Int, columns: Int, side: Int, shift: Double = 0) {
    self.init(
      side: side,
      pixels: Self.pad(greys, rows: rows, columns: columns, side: side, shift: shift))
  }

  /// The same for grey values of 16 bits: one image of their upper and one of their lower bytes.
  static func planes(padding greys: Greys<UInt16>, rows: Int, columns: Int, side: Int)
    -> [GreyImage]
  {
    let values = pad(greys, rows: rows, columns: columns, side: side, shift: 0)
    return [8, 0].map { shift in
      GreyImage(side: side, pixels: values.map { UInt8(truncatingIfNeeded: $0 >> shift) })
    }
  }

  private static func pad<Level: FixedWidthInteger & UnsignedInteger>(
    _ greys: Greys<Level>, rows: Int, columns: Int, side: Int, shift: Double
  ) -> [Level] {
    let square = max(rows, columns)
    precondition(greys.count >= rows * columns)
    if shift == 0, square % side == 0, square / side <= mostWhole, (rows + columns) % 2 == 0 {
      return whole(greys, rows: rows, columns: columns, side: side)
    }
    let across = Boxes(length: columns, square: square, side: side, shift: shift)
    let down = Boxes(length: rows, square: square, side: side, shift: shift)
    var line = [Float](repeating: 0, count: columns)
    return [Level](unsafeUninitializedCapacity: side * side) { result, filled in
      for target in 0..<side {
        // Rows first: their sum runs over neighbours in memory.
        line.withUnsafeMutableBufferPointer { line in
          line.update(repeating: 0)
          down.forEach(of: target) { row, weight in
            greys.add(row: row, times: weight, to: line)
          }
          across.average(UnsafeBufferPointer(line)) { column, mean in
            // The sum may end a little above the largest level.
            result.initializeElement(
              at: target &* side &+ column, to: Level(rounding: min(mean, Float(Level.max))))
          }
        }
      }
      filled = side * side
    }
  }

  /// The most source pixels per target pixel, along one edge, that are averaged as integers.
  private static let mostWhole = 32

  /// For target pixels that cover whole source pixels, the same number each.
  private static func whole<Level: FixedWidthInteger & UnsignedInteger>(
    _ greys: Greys<Level>, rows: Int, columns: Int, side: Int
  ) -> [Level] {
    let square = max(rows, columns)
    let (top, left, step) = ((square - rows) / 2, (square - columns) / 2, square / side)
    func box(_ target: Int, _ margin: Int, _ length: Int) -> Range<Int> {
      let start = min(length, max(0, target &* step &- margin))
      return start..<max(start, min(length, (target &+ 1) &* step &- margin))
    }
    let across = (0..<side).map { box($0, left, columns) }
    // sum / area, rounded, by multiplication: exact as long as 2 · sum · 2 · area is below 2⁴⁰.
    let area = UInt64(step * step)
    let reciprocal = (1 << 40) / (2 * area) + 1
    var line = [UInt32](repeating: 0, count: columns)
    return [Level](unsafeUninitializedCapacity: side * side) { result, filled in
      line.withUnsafeMutableBufferPointer { line in
        for target in 0..<side {
          line.update(repeating: 0)
          greys.add(rows: box(target, top, rows), to: line)
          for (column, sources) in across.enumerated() {
            let mean = ((2 &* UInt64(line.sum(of: sources)) &+ area) &* reciprocal) &>> 40
            result.initializeElement(
              at: target &* side &+ column, to: Level(truncatingIfNeeded: mean))
          }
        }
      }
      filled = side * side
    }
  }

  /// The same picture in another size.
  package func resampled(to side: Int) -> GreyImage {
    GreyImage(padding: .levels(pixels), rows: self.side, columns: self.side, side: side)
  }

  /// True when every pixel is the same: nothing to see, nothing to learn.
  var isConstant: Bool { pixels.allSatisfy { $0 == pixels[0] } }
}

/// The source pixels that the box of each of `side` target pixels covers, and how much of each, along one edge of the
/// padded square.
private struct Boxes {
  private var starts: [Int] = []
  /// Index of each box's first weight, and the end of the last box's.
  private var places: [Int] = [0]
  private var weights: [Float] = []

  init(length: Int, square: Int, side: Int, shift: Double) {
    let margin = Double(square - length) / 2
    let scale = Double(square) / Double(side)
    for target in 0..<side {
      let low = max(0, Double(target) * scale - margin) + shift
      let high = min(Double(length), Double(target + 1) * scale - margin) + shift
      let start = high > low ? min(length - 1, Int(low)) : 0
      let end = high > low ? min(length, Int(high.rounded(.up))) : 0
      for source in start..<end {
        // The last pixel also stands for what is beyond it.
        let until = source == length - 1 ? high : min(high, Double(source + 1))
        weights.append(Float((until - max(low, Double(source))) / scale))
      }
      starts.append(start)
      places.append(weights.count)
    }
  }

  /// Calls `body` for the source pixels of one box.
  func forEach(of target: Int, _ body: (_ source: Int, _ weight: Float) -> Void) {
    for place in places[target]..<places[target + 1] {
      body(starts[target] &+ place &- places[target], weights[place])
    }
  }

  /// Calls `body` with every box's mean of a line.
  @inline(__always)
  func average(_ line: UnsafeBufferPointer<Float>, _ body: (_ target: Int, _ mean: Float) -> Void) {
    weights.withUnsafeBufferPointer { weights in
      places.withUnsafeBufferPointer { places in
        starts.withUnsafeBufferPointer { starts in
          for target in starts.indices {
            let (first, end) = (places[target], places[target &+ 1])
            let source = starts[target] &- first
            var sum: Float = 0
            for place in first..<max(first, end) { sum += weights[place] * line[source &+ place] }
            body(target, sum)
          }
        }
      }
    }
  }
}
