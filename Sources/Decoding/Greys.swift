/// The grey values of a frame, row-major: the levels themselves, or codes and the level of each code. Codes are looked
/// up while averaging, which saves writing the frame once more.
enum Greys<Level: FixedWidthInteger & UnsignedInteger> {
  case levels([Level])
  case codes(StoredCodes, table: [Level])

  var count: Int {
    switch self {
    case .levels(let levels): levels.count
    case .codes(let codes, _): codes.count
    }
  }

  /// All levels as an array.
  var levels: [Level] {
    Array(unsafeUninitializedCapacity: count) { result, filled in
      read { grey in
        for pixel in 0..<count { result.initializeElement(at: pixel, to: grey(pixel)) }
      }
      filled = count
    }
  }

  /// Adds the values of rows to a line of the same length.
  func add(rows: Range<Int>, to line: UnsafeMutableBufferPointer<UInt32>) {
    precondition(rows.upperBound * line.count <= count)
    let length = line.count
    read { grey in
      func value(_ pixel: Int) -> UInt32 { UInt32(truncatingIfNeeded: grey(pixel)) }
      var row = rows.lowerBound
      // Four rows at once, since the line is in memory, too.
      while row &+ 4 <= rows.upperBound {
        let start = row &* length
        for column in 0..<length {
          let (first, third) = (start &+ column, start &+ column &+ 2 &* length)
          line[column] &+=
            (value(first) &+ value(first &+ length)) &+ (value(third) &+ value(third &+ length))
        }
        row &+= 4
      }
      while row < rows.upperBound {
        for column in 0..<length { line[column] &+= value(row &* length &+ column) }
        row &+= 1
      }
    }
  }

  /// Adds each value of a row, times `weight`, to a line of the same length.
  func add(row: Int, times weight: Float, to line: UnsafeMutableBufferPointer<Float>) {
    let start = row * line.count
    precondition(start + line.count <= count)
    read { grey in
      for column in 0..<line.count {
        line[column] += weight * Float(Int32(truncatingIfNeeded: grey(start &+ column)))
      }
    }
  }

  /// Calls `body` with a function from pixels to their grey. Inlined, so that each kind gets a loop of its own.
  @inline(__always)
  private func read(_ body: (_ grey: (Int) -> Level) -> Void) {
    switch self {
    case .levels(let levels):
      levels.withUnsafeBufferPointer { levels in body { levels[$0] } }
    case .codes(let codes, let table):
      precondition(table.count >= 1 << codes.bits)
      codes.bytes.withUnsafeBytes { bytes in
        table.withUnsafeBufferPointer { table in
          if codes.isWide {
            let code = StoredCodes.Reader<UInt16>(codes, bytes)
            body { table[Int(code[$0])] }
          } else {
            let code = StoredCodes.Reader<UInt8>(codes, bytes)
            body { table[Int(code[$0])] }
          }
        }
      }
    }
  }
}
