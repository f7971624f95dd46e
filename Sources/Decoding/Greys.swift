/// The grey values of a frame, row-major: as they are, or as codes and the grey of each. Codes are looked up where they
/// are averaged, which spares writing the frame once more.
enum Greys<Level: FixedWidthInteger & UnsignedInteger> {
  case levels([Level])
  case codes(StoredCodes, table: [Level])

  var count: Int {
    switch self {
    case .levels(let levels): levels.count
    case .codes(let codes, _): codes.count
    }
  }

  /// All of them written out.
  var levels: [Level] {
    Array(unsafeUninitializedCapacity: count) { result, filled in
      read { grey in
        for pixel in 0..<count { result.initializeElement(at: pixel, to: grey(pixel)) }
      }
      filled = count
    }
  }

  /// Adds the values of rows, which are as long as the line, to it.
  func add(rows: Range<Int>, to line: UnsafeMutableBufferPointer<UInt32>) {
    precondition(rows.upperBound * line.count <= count)
    let length = line.count
    read { grey in
      func value(_ pixel: Int) -> UInt32 { UInt32(truncatingIfNeeded: grey(pixel)) }
      var row = rows.lowerBound
      // Four at once, since the line is in memory, too.
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

  /// Adds a part of each value of a row.
  func add(row: Int, times weight: Float, to line: UnsafeMutableBufferPointer<Float>) {
    let start = row * line.count
    precondition(start + line.count <= count)
    read { grey in
      for column in 0..<line.count {
        line[column] += weight * Float(Int32(truncatingIfNeeded: grey(start &+ column)))
      }
    }
  }

  /// Calls with a function from pixels to their grey. Inlined, so that there is a loop for each kind.
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
