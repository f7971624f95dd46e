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

  /// The smallest and the second smallest of some values; infinity where there are fewer.
  static func twoSmallest(_ values: UnsafePointer<Float>, _ count: Int) -> (Float, Float) {
    // Four at a time, side by side, which the compiler turns into vector instructions; of SIMD types it does not.
    let whole = count / 4 * 4
    var (a0, a1, a2, a3) = (Float.infinity, Float.infinity, Float.infinity, Float.infinity)
    var (b0, b1, b2, b3) = (a0, a1, a2, a3)
    var index = 0
    while index < whole {
      keepTwo(&a0, &b0, values[index])
      keepTwo(&a1, &b1, values[index &+ 1])
      keepTwo(&a2, &b2, values[index &+ 2])
      keepTwo(&a3, &b3, values[index &+ 3])
      index &+= 4
    }
    for value in [a1, b1, a2, b2, a3, b3] { keepTwo(&a0, &b0, value) }
    while index < count {
      keepTwo(&a0, &b0, values[index])
      index += 1
    }
    return (a0, b0)
  }

  @inline(__always)
  private static func keepTwo(_ first: inout Float, _ second: inout Float, _ value: Float) {
    let loser = value > first ? value : first
    first = value < first ? value : first
    second = loser < second ? loser : second
  }

  static func lanes(_ values: UnsafePointer<Float>) -> SIMD16<Float> {
    UnsafeRawPointer(values).loadUnaligned(as: SIMD16<Float>.self)
  }
}
