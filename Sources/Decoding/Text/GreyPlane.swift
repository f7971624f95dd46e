/// Grey levels of a frame at its own size or halved, row-major, 0 dark and 255 bright.
struct GreyPlane {
  var rows: Int
  var columns: Int
  var levels: [UInt8]

  /// Half the rows and columns: the means of 2 × 2 pixels.
  var halved: GreyPlane {
    let (rows, columns) = (rows / 2, columns / 2)
    let halved = [UInt8](filling: rows * columns) { result in
      levels.withUnsafeBufferPointer { levels in
        for row in 0..<rows {
          let above = levels.baseAddress! + 2 * row * self.columns
          let below = above + self.columns
          let target = result.baseAddress! + row * columns
          for column in 0..<columns {
            let sum =
              UInt16(above[2 &* column]) &+ UInt16(above[2 &* column &+ 1])
              &+ UInt16(below[2 &* column]) &+ UInt16(below[2 &* column &+ 1])
            target[column] = UInt8(truncatingIfNeeded: (sum &+ 2) &>> 2)
          }
        }
      }
      return true
    }
    return GreyPlane(rows: rows, columns: columns, levels: halved)
  }

  /// Dark becomes bright.
  var inverted: GreyPlane {
    GreyPlane(rows: rows, columns: columns, levels: levels.map { ~$0 })
  }
}
