import Core

extension GrayImage {
  /// Pads an image to a square with black, the picture in the middle, and averages areas down (or spreads
  /// them up) to `side` × `side`.
  init(padding pixels: [UInt8], rows: Int, columns: Int, side: Int) {
    self.init(side: side, pixels: Self.pad(pixels, rows: rows, columns: columns, side: side))
  }

  /// The same for grey values of 16 bits, as an image of their upper and one of their lower bytes.
  static func planes(padding pixels: [UInt16], rows: Int, columns: Int, side: Int) -> [GrayImage] {
    let values = pad(pixels, rows: rows, columns: columns, side: side)
    return [8, 0].map { shift in
      GrayImage(side: side, pixels: values.map { UInt8(truncatingIfNeeded: $0 >> shift) })
    }
  }

  private static func pad<Level: FixedWidthInteger & UnsignedInteger>(
    _ pixels: [Level], rows: Int, columns: Int, side: Int
  ) -> [Level] {
    let square = max(rows, columns)
    let across = Self.weights(length: columns, square: square, side: side)
    let down = Self.weights(length: rows, square: square, side: side)

    var narrow = [Float](repeating: 0, count: rows * side)
    pixels.withUnsafeBufferPointer { pixels in
      narrow.withUnsafeMutableBufferPointer { narrow in
        for row in 0..<rows {
          for (target, box) in across.enumerated() {
            var sum: Float = 0
            for (offset, weight) in box.weights.enumerated() {
              sum += weight * Float(pixels[row * columns + box.start + offset])
            }
            narrow[row * side + target] = sum
          }
        }
      }
    }
    var result = [Level](repeating: 0, count: side * side)
    var line = [Float](repeating: 0, count: side)
    for (target, box) in down.enumerated() {
      for column in 0..<side { line[column] = 0 }
      for (offset, weight) in box.weights.enumerated() {
        let row = (box.start + offset) * side
        for column in 0..<side { line[column] += weight * narrow[row + column] }
      }
      for column in 0..<side {
        result[target * side + column] = Level(min(line[column].rounded(), Float(Level.max)))
      }
    }
    return result
  }

  /// The same picture in another size.
  public func resampled(to side: Int) -> GrayImage {
    GrayImage(padding: pixels, rows: self.side, columns: self.side, side: side)
  }

  /// For each target pixel the source pixels that its box covers and how much of each.
  private static func weights(length: Int, square: Int, side: Int) -> [(
    start: Int, weights: [Float]
  )] {
    let margin = Double(square - length) / 2
    let scale = Double(square) / Double(side)
    return (0..<side).map { target in
      let low = max(0, Double(target) * scale - margin)
      let high = min(Double(length), Double(target + 1) * scale - margin)
      guard high > low else { return (0, []) }
      let start = Int(low)
      let end = min(length, Int(high.rounded(.up)))
      return (
        start,
        (start..<end).map {
          Float((min(high, Double($0 + 1)) - max(low, Double($0))) / scale)
        }
      )
    }
  }

  /// True when every pixel is the same: nothing to see, nothing to learn.
  var isConstant: Bool { pixels.allSatisfy { $0 == pixels[0] } }
}
