/// Vector arithmetic of float32 rows.
enum Rows {
  static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
    reduce(a, b, count, wide: { $0 * $1 }, single: { $0 * $1 })
  }

  /// The sum of something over all pairs of elements, in an order that depends on the length alone.
  @inline(__always)
  static func reduce(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int,
    wide: (SIMD16<Float>, SIMD16<Float>) -> SIMD16<Float>, single: (Float, Float) -> Float
  ) -> Float {
    var sums = (SIMD16<Float>.zero, SIMD16<Float>.zero)
    var index = 0
    while index + 32 <= count {
      sums.0 += wide(lanes(a + index), lanes(b + index))
      sums.1 += wide(lanes(a + index + 16), lanes(b + index + 16))
      index += 32
    }
    var total = (sums.0 + sums.1).sum()
    while index < count {
      total += single(a[index], b[index])
      index += 1
    }
    return total
  }

  /// Σ (a − b)² in float64.
  static func exactSquaredDistance(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int
  ) -> Double {
    var sums = (SIMD8<Double>.zero, SIMD8<Double>.zero)
    var index = 0
    while index + 16 <= count {
      let (x, y) = (lanes(a + index), lanes(b + index))
      let low = SIMD8<Double>(x.lowHalf) - SIMD8<Double>(y.lowHalf)
      let high = SIMD8<Double>(x.highHalf) - SIMD8<Double>(y.highHalf)
      sums.0 += low * low
      sums.1 += high * high
      index += 16
    }
    var total = (sums.0 + sums.1).sum()
    while index < count {
      let difference = Double(a[index]) - Double(b[index])
      total += difference * difference
      index += 1
    }
    return total
  }

  /// Adds a row to sums in float64.
  static func add(_ row: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Double>, _ count: Int)
  {
    var index = 0
    while index + 16 <= count {
      let x = lanes(row + index)
      let place = UnsafeMutableRawPointer(sums + index)
      let wide = place.loadUnaligned(as: SIMD16<Double>.self)
      place.storeBytes(of: wide + SIMD16<Double>(x), as: SIMD16<Double>.self)
      index += 16
    }
    while index < count {
      sums[index] += Double(row[index])
      index += 1
    }
  }

  private static func lanes(_ values: UnsafePointer<Float>) -> SIMD16<Float> {
    UnsafeRawPointer(values).loadUnaligned(as: SIMD16<Float>.self)
  }
}
